// What a translation or a call to Google can fail with, as a value.
#pragma once

#include <string_view>

#include "failure/failure.hpp"

namespace patchbay::google {

using shared::bad_request;
using shared::Failure;
using shared::report;
using shared::Result;

/// Google answered something that generateContent does not answer.
inline Failure unreadable(std::string_view what) {
    return shared::unreadable("Google", what);
}

}  // namespace patchbay::google
