// SPDX-License-Identifier: Apache-2.0
// Calls of tools in the conversation, and their results where Anthropic wants them.
//
// Anthropic refuses a conversation in which a tool_use block is not answered by one tool_result in
// the very next message, in which a result belongs to no call, or in which two calls share an id.
// Clients cut histories, store calls that were never answered, put words between a call and its
// result, and some models give every call the same id. None of this is a reason to end a
// conversation for good.
#pragma once

#include <string_view>
#include <vector>

#include "json.hpp"

namespace patchbay::anthropic {

/// One message of the conversation: blocks of one role. Neighbours are of different roles.
struct Turn {
    std::string_view role;  ///< "user" or "assistant"
    json::array blocks;
};

/// Puts the results of the calls of every assistant turn at the front of the turn behind it, in the
/// order in which they came:
///   - a result that stands later is brought forward, up to the next call with its id;
///   - a call without a result gets one that says so, marked is_error;
///   - a second result of a call, and one that belongs to no call, stays as plain content;
///   - ids are made of the characters that Anthropic takes (tool_use_id()), and one that was used
///     before gets a number behind it, in the call and in its result.
/// Blocks of other types, those of Anthropic's own tools too, stay as they are.
void pair_tool_results(std::vector<Turn>& turns);

}  // namespace patchbay::anthropic
