// SPDX-License-Identifier: Apache-2.0
// `thinking` and `reasoning_effort`.
#pragma once

#include <string_view>

#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

/// Sets `thinking` in `body` (and `output_config.effort` for models that think by effort) from the
/// client's `thinking`, which wins, or `reasoning_effort`. Nothing is set for the efforts "none"
/// and "default" or if neither is there.
Result<void> set_thinking(const json::object& client, std::string_view model, json::object& body);

/// True if `body` asks the model to think.
bool thinks(const json::object& body);

/// Raises `max_tokens` where the thinking budget would use it up: Anthropic refuses max_tokens that
/// is not above the budget. `given`: the client's max_tokens, may be null; `room`: tokens for the
/// answer.
json::value max_tokens_for(const json::object& body, const json::value* given, std::uint64_t room);

}  // namespace patchbay::anthropic
