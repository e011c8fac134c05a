// SPDX-License-Identifier: Apache-2.0
// What failed upstream, in the classes that routing acts on.
#pragma once

#include <patchbay/exchange.h>
#include <string_view>

#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

/// A non-2xx answer (or an error told otherwise, with the status it stands for), sorted as LiteLLM
/// sorts Anthropic's. The message is the provider's text as it came.
Failure failure_of_status(int status, std::string_view body);

/// An "error" event in a stream; `data` is its text.
Failure failure_of_event(const json::object& event, std::string_view data);

/// A call that ended with a BAY_FAIL_*.
Failure failure_of_call(const bay_ev_http& done);

/// "retry-after-ms" or "retry-after" (seconds) in milliseconds; 0 if neither is a number. At most a
/// day.
std::uint32_t retry_after_ms(const bay_kv* headers, std::uint64_t count);

}  // namespace patchbay::anthropic
