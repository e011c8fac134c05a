#include "gateway/response_head.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>

#include <boost/beast/http/status.hpp>

#include "engine/http/content_coding.hpp"

namespace patchbay::gateway {

std::string_view reason_phrase(int status) {
    const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
    if (known == boost::beast::http::status::unknown) return "Error";
    const auto phrase = boost::beast::http::obsolete_reason(known);
    return {phrase.data(), phrase.size()};
}

ResponseHead::ResponseHead(int status) : status_(status) {
    text_.reserve(1280);
    text_ += "HTTP/1.1 ";
    text_ += std::to_string(status);
    text_ += ' ';
    text_ += reason_phrase(status);
    text_ += "\r\n";
}

ResponseHead& ResponseHead::add(std::string_view name, std::string_view value) {
    text_ += name;
    text_ += ": ";
    // The compiler looks at sixteen bytes at a time.
    unsigned char control = 0;
    for (const char c : value) control |= static_cast<unsigned char>(c) < 0x20 ? 1 : 0;
    if (control == 0) {
        text_ += value;
    } else {
        std::copy_if(value.begin(), value.end(), std::back_inserter(text_),
                     [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
    }
    text_ += "\r\n";
    return *this;
}

ResponseHead& ResponseHead::add(std::string_view name, std::uint64_t value) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return add(name, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

ResponseHead& ResponseHead::add_lines(std::string_view lines) {
    text_ += lines;
    return *this;
}

ResponseHead& ResponseHead::add_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : add(name, value);
}

void ResponseHead::connection(bool keep_alive) {
    if (!keep_alive) add("connection", "close");
    text_ += "\r\n";
}

std::string ResponseHead::with_length(std::uint64_t length, bool keep_alive) && {
    add("content-length", length);
    connection(keep_alive);
    return std::move(text_);
}

std::string ResponseHead::chunked(bool keep_alive) && {
    add("transfer-encoding", "chunked");
    connection(keep_alive);
    return std::move(text_);
}

std::string ResponseHead::open_ended() && {
    connection(false);
    return std::move(text_);
}

void add_error_headers(ResponseHead& head, const Error& error) {
    head.add("content-type", "application/json");
    if (error.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
        head.add("retry-after", static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)));
    }
    if (error.status() == 401) head.add("www-authenticate", "Bearer");
    if (error.status() == 415) head.add("accept-encoding", http::kAcceptedCodings);
    if (error.status() == 426) head.add("upgrade", "websocket").add("sec-websocket-version", "13");
}

}  // namespace patchbay::gateway
