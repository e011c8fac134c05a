// The result of a call as a tool message of OpenAI's chat API.
#pragma once

#include <string_view>

#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// What a client says of one result.
struct ToolResult {
    std::string_view call_id;  ///< the client's; not empty
    json::array parts{};       ///< of chat: text, image_url, file, ...
    bool is_error = false;
    json::value mark{};  ///< cache_control; null: that of the last part that has one
};

/// The message. OpenAI takes images and files from users only: what is no text is appended to
/// `shown`, the parts of the user message that has to follow when all results of the turn are told,
/// with a line that says whose it is; noted at `place`. An error is said by is_error and in words.
json::object tool_message(ToolResult result, json::array& shown, Reading& reading,
                          const Place& place);

/// True if a part of chat is a text.
bool is_text(const json::value& part);

/// {"type":"text","text":words}
json::object plain_text_part(std::string_view words);

}  // namespace patchbay::surface
