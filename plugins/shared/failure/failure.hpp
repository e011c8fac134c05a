// A failed request as a value, and how it is told to the host.
#pragma once

#include <cstdint>
#include <patchbay/exchange.h>
#include <string>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

#include "patchbay/sdk/out.hpp"

namespace patchbay::shared {

/// Owns its texts; `cls` and `retry` are BAY_ERR_* and BAY_RETRY_*.
struct Failure {
    std::uint32_t cls = BAY_ERR_UPSTREAM;
    int http_status = 0;  ///< for the client; 0 = the host's of the class
    int upstream_status = 0;
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
    std::uint32_t retry_after_ms = 0;
    std::string message;
    std::string type;  ///< of OpenAI's error object, as `code` and `param`; empty = the host's
    std::string code;
    std::string param;
    std::string upstream_body;
};

template <class T>
using Result = boost::system::result<T, Failure>;

/// The client sent something that cannot be translated; `place` as in "messages[2].content[0]".
inline Failure bad_request(std::string place, std::string_view why) {
    Failure failure;
    failure.cls = BAY_ERR_BAD_REQUEST;
    failure.message = place + ": ";
    failure.message += why;
    failure.type = "invalid_request_error";
    failure.param = std::move(place);
    return failure;
}

/// The provider, called `whose`, answered something that its API does not answer.
inline Failure unreadable(std::string_view whose, std::string_view what) {
    Failure failure;
    failure.message = "Unreadable answer from ";
    failure.message.append(whose).append(": ").append(what);
    return failure;
}

/// The same, with what it answered.
inline Failure unreadable(std::string_view whose, std::string_view what,
                          const bay_ev_http& answer) {
    Failure failure = unreadable(whose, what);
    failure.upstream_status = answer.status;
    failure.upstream_body = bay::sv(answer.data);
    return failure;
}

/// Calls fail().
inline bay_status report(const Failure& failure, bay::Out out) {
    bay::Error error;
    error.cls = failure.cls;
    error.http_status = failure.http_status;
    error.retry = failure.retry;
    error.retry_after_ms = failure.retry_after_ms;
    error.upstream_status = failure.upstream_status;
    error.message = failure.message;
    error.type = failure.type;
    error.code = failure.code;
    error.param = failure.param;
    error.upstream_body = failure.upstream_body;
    return out.fail(error);
}

}  // namespace patchbay::shared
