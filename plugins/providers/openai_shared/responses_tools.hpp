// Tools of chat, and the choice among them, in the Responses API.
#pragma once

#include <string_view>

#include "responses_text.hpp"

namespace patchbay::openai {

/// The parts of a chat request that speak of tools, as JSON texts; empty: the client did not send it.
struct ChatTools {
    std::string_view tools;
    std::string_view functions;  ///< older form; gives way to `tools`
    std::string_view choice;
    std::string_view function_call;  ///< older form; gives way to `choice`
    std::string_view search;         ///< web_search_options
};

/// Writes `tools` and `tool_choice` into `body`. A function that says nothing of `strict` is not
/// strict, as in chat: the Responses API's own default is that it is. Tools in the words of that API
/// (web_search, mcp, ...) go as they are.
Result<void> write_tools(const ChatTools& given, ObjectText& body);

}  // namespace patchbay::openai
