#include "gateway/request_framing.hpp"

#include "contract/http/header.hpp"
#include "contract/json/utf8_text.hpp"

namespace patchbay::gateway {

using boost::beast::http::field;

Error http_error(int status, std::string message) {
    Error error = bad_request(std::move(message));
    error.http_status = status;
    return error;
}

std::optional<Error> framing_problem(const boost::beast::http::request_header<>& head) {
    std::size_t hosts = 0, lengths = 0, codings = 0;
    std::string_view coding;
    for (const auto& one : head) {
        if (one.name() == field::host) ++hosts;
        if (one.name() == field::content_length) ++lengths;
        if (one.name() == field::transfer_encoding && codings++ == 0) coding = one.value();
    }
    if (head.version() >= 11 && hosts != 1) {
        return http_error(400, "An HTTP/1.1 request must have one Host header.");
    }
    if (lengths > 0 && codings > 0) {
        // This is how requests are smuggled.
        return http_error(400,
                          "A request must not have both Content-Length and Transfer-Encoding.");
    }
    if (codings > 1 ||
        (!coding.empty() && (head.version() < 11 || !http::iequals(coding, "chunked")))) {
        return http_error(400,
                          "The only transfer coding of a request may be chunked, in HTTP/1.1.");
    }
    return std::nullopt;
}

Error unsupported_coding(const Request& request) {
    constexpr std::size_t kMaxShown = 64;
    return http_error(415, "The request body has the content coding '" +
                               as_utf8(request.header(field::content_encoding), kMaxShown) +
                               "'; one of gzip, deflate and zstd is decoded, or none is needed.");
}

Error body_too_large(std::uint64_t limit) {
    return http_error(
        413, "The request body is larger than the limit of " + std::to_string(limit) + " bytes.");
}

}  // namespace patchbay::gateway
