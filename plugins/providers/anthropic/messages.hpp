// SPDX-License-Identifier: Apache-2.0
// The client's `messages` to Anthropic's `system` and `messages`.
#pragma once

#include <string>

#include "betas.hpp"
#include "failure.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

struct Conversation {
    json::array system;    ///< text blocks; empty if there is none
    json::array messages;  ///< user and assistant in turns, each with blocks
    /// Text of a last assistant message marked "prefix": true, which the answer must begin with.
    std::string prefix;
    bool has_tool_blocks = false;
};

/// System and developer messages at the beginning go to `system`, their images and files to the
/// first user message; later ones stay where they are, as words of the operator in a user message.
/// Messages of one role that follow each other become one; tool messages become tool_result blocks
/// behind their calls (tool_turns.hpp). Blank text is left out, and so is white space at the end of
/// a last assistant message: Anthropic refuses both. A user message without words is kept as one
/// that says so. With `prefill` false a conversation that ends with an assistant message gets a
/// user message behind it. Strings are moved out of `messages`.
Result<Conversation> translate_messages(json::value* messages, bool prefill, Betas& betas);

}  // namespace patchbay::anthropic
