// Rewriting of the "messages" array for providers that do not take all of OpenAI's shapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"

namespace patchbay::openai {

/// The new value of "messages", or nothing if it stays as it is. `ask_for_tool` adds a user message
/// that asks for a tool call. Parses only when a rule may apply: without rules, only when a
/// cache_control mark or is_error, which no tool message of OpenAI's has, is mentioned. A list of
/// content parts becomes a string only if every part is text.
std::optional<std::string> rewrite_messages(const MessageRules& rules, std::string_view json,
                                            bool ask_for_tool);

}  // namespace patchbay::openai
