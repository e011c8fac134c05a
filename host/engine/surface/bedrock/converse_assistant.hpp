// What a model said, as a client of Converse sends it back, as an assistant message of OpenAI's.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Appends one message; nothing if neither text nor a call is in it.
///   text, citationsContent   content; which sources were cited is noted
///   toolUse                  tool_calls
///   reasoningContent         reasoning_content, and thinking_blocks if it is signed or redacted
///   cachePoint               cache_control of the message
///   tools that AWS ran are left out and noted; an image that the model made is refused in the way
///   of Reading::refuse()
Result<void> append_converse_assistant(const json::array& blocks, const Place& place,
                                       Reading& reading, json::array& messages);

}  // namespace patchbay::surface
