// SPDX-License-Identifier: Apache-2.0
// What a translation or an upstream call can fail with, as a value.
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "failure/failure.hpp"

namespace patchbay::anthropic {

using shared::Failure;
using shared::report;

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
