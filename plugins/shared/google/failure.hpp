// What a translation or a call to Google can fail with, as a value.
#pragma once

#include <string_view>

#include "failure/call_failure.hpp"
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

/// A call to Google that ended with a BAY_FAIL_*.
inline Failure failure_of_call(const bay_ev_http& done) {
    return shared::failure_of_call(done, "Google");
}

}  // namespace patchbay::google
