// What a model thought, between `thinking_blocks` of chat and reasoning items of the Responses API.
//
// OpenAI shows a summary of it, and seals the thought itself (`encrypted_content`) for the next turn.
// In chat both are one block: the summary in plain words, the sealed thought in an envelope that says
// whose it is. A thought without words is a redacted block, as with Anthropic's.
#pragma once

#include <string>

#include "responses_text.hpp"

namespace patchbay::openai {

/// Between the parts of a thought.
inline constexpr std::string_view kBetweenThoughts = "\n\n";

/// The summary's parts, or where there are none the thought's own (of open models), joined with a
/// blank line between them.
std::string thought_of(const json::object& reasoning_item);

/// The block of a reasoning item whose thought reads `thought`; null if it holds no sealed thought,
/// and so cannot be sent back.
json::value thinking_block(const json::object& reasoning_item, std::string_view thought);

/// The reasoning items of an assistant's message: of its `thinking_blocks` those that came from
/// here, else of LiteLLM's `reasoning_items` those with a sealed thought. Blocks of others say
/// nothing to OpenAI and are left out. Without ids, as nothing is kept there under them.
void append_thoughts(const json::object& message, ListText& items);

}  // namespace patchbay::openai
