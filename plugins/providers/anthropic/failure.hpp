// SPDX-License-Identifier: Apache-2.0
// What a translation or an upstream call can fail with, as a value.
#pragma once

#include <string_view>

#include "failure/call_failure.hpp"
#include "failure/failure.hpp"

namespace patchbay::anthropic {

using shared::bad_request;
using shared::Failure;
using shared::failure_of_call;
using shared::report;
using shared::Result;

/// Whoever serves Claude answered something that is not the Messages API.
inline Failure unreadable(std::string_view what) {
    return shared::unreadable("Claude", what);
}

}  // namespace patchbay::anthropic
