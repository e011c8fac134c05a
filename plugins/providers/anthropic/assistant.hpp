// SPDX-License-Identifier: Apache-2.0
// Earlier answers of the model, as the client replays them, to Anthropic's blocks.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "betas.hpp"
#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

/// An id with every character that Anthropic refuses in one (it takes [a-zA-Z0-9_-]) made "_".
std::string tool_use_id(std::string_view id);

/// The id given to the n-th legacy function call (they have none of their own), counted from 1.
std::string function_call_id(std::size_t number);

/// The blocks of one assistant message, in the order Anthropic wants: thinking_blocks (joined to
/// those that have a signature), text, tool_calls or function_call as tool_use. Arguments that are
/// no JSON object become one that holds their text, or an empty one if they say nothing.
/// `function_calls` counts the legacy calls met so far in the conversation.
Result<json::array> translate_assistant(json::object& message, std::size_t index,
                                        std::size_t& function_calls, Betas& betas);

}  // namespace patchbay::anthropic
