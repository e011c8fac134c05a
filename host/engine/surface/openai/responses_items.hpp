// The input items of the Responses API as messages of the chat API.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Appends to `messages` what `input` says: a string, which is one user message, or a list of items.
/// Items of one turn of the model (reasoning, a message, calls) become one assistant message;
/// results follow it as tool messages. What only OpenAI can replay (tools that it ran, reasoning
/// that it encrypted) is left out and noted. Fails on a wrong shape.
Result<void> append_items(const json::value& input, Reading& reading, json::array& messages);

}  // namespace patchbay::surface
