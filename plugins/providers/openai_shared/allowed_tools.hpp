// OpenAI's choice among some of the tools, for providers that do not know it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::openai {

/// What a tool_choice of the type "allowed_tools" says.
struct AllowedTools {
    std::string mode;  ///< "auto" or "required", as JSON text
    std::vector<std::string> names;
};

/// Nothing if `tool_choice`, a JSON text, is another one, or names no function.
std::optional<AllowedTools> allowed_tools(std::string_view tool_choice);

/// `tools`, a JSON text, without functions that are not allowed: who does not know the choice would call
/// them. As it is if none would be left, or it is no list.
std::string only_allowed(const AllowedTools& allowed, std::string_view tools);

}  // namespace patchbay::openai
