// SPDX-License-Identifier: Apache-2.0
// What failed upstream, in the classes that routing acts on.
#pragma once

#include <patchbay/exchange.h>
#include <string_view>

#include "failure.hpp"

namespace patchbay::anthropic {

/// An answer whose status is no success, with the class that plugins/shared/failure gives it. The
/// message is the provider's text as it came, as LiteLLM shows it.
Failure failure_of_status(int status, std::string_view body);

/// The same for the end of a call, with the time to wait that its headers state.
Failure failure_of_answer(const bay_ev_http& done);

/// An error where an answer was expected: an event of a stream, or the body of a 2xx. What it says
/// of itself counts as its status, else 500.
Failure failure_of_event(std::string_view data);

}  // namespace patchbay::anthropic
