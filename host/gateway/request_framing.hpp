// What of a request's head decides where its body ends, and whether it can be read in one way only.
#pragma once

#include <optional>

#include "contract/error.hpp"
#include "gateway/request.hpp"

namespace patchbay::gateway {

/// An HTTP status and words.
Error http_error(int status, std::string message);

/// What is wrong with the framing of a request, if anything (RFC 9112, 3.2 and 6.1).
std::optional<Error> framing_problem(const boost::beast::http::request_header<>& head);

/// 415 for a content coding that is not decoded (RFC 9110, 15.5.16).
Error unsupported_coding(const Request& request);

/// 413.
Error body_too_large(std::uint64_t limit);

}  // namespace patchbay::gateway
