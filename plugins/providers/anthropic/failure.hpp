// SPDX-License-Identifier: Apache-2.0
// What a translation or an upstream call can fail with, as a value.
#pragma once

#include <cstdint>
#include <patchbay/provider.h>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace patchbay::anthropic {

/// A failed request. Owns its texts; `cls` and `retry` are BAY_ERR_* and BAY_RETRY_*.
struct Failure {
    std::uint32_t cls = BAY_ERR_UPSTREAM;
    std::string message;
    std::string type;  ///< of OpenAI's error object; empty = the host's for `cls`
    std::string code;
    std::string param;
    int http_status = 0;  ///< for the client; 0 = from `cls`
    int upstream_status = 0;
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
    std::uint32_t retry_after_ms = 0;
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

/// The provider answered something that is not the Messages API.
inline Failure unreadable(std::string_view what) {
    Failure failure;
    failure.message = "Unreadable answer from Anthropic: ";
    failure.message += what;
    return failure;
}

}  // namespace patchbay::anthropic
