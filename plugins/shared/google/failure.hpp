// What a translation or a call to Google can fail with, as a value.
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "failure/failure.hpp"

namespace patchbay::google {

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

/// Google answered something that generateContent does not answer.
inline Failure unreadable(std::string_view what) {
    Failure failure;
    failure.message = "Unreadable answer from Google: ";
    failure.message += what;
    return failure;
}

}  // namespace patchbay::google
