// What the demo provider reads out of a chat request: who said what last, and how many words there
// are.
#pragma once

#include <cstdint>
#include <string>

#include "json_access.hpp"

namespace patchbay::demo {

struct Conversation {
    std::string last_user;  ///< text of the last user message
    std::string last_tool;  ///< text of the last message if it is a tool's
    bool ends_with_tool = false;
    std::uint64_t images = 0;  ///< image parts of the last user message
    std::uint64_t words = 0;   ///< in all messages
};

Conversation read_conversation(const json::array& messages);

/// Words are runs of characters between spaces, tabs and line ends.
std::uint64_t count_words(std::string_view text);

}  // namespace patchbay::demo
