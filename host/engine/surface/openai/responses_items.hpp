// The input items of the Responses API as messages of the chat API.
#pragma once

#include <span>

#include "contract/error.hpp"
#include "engine/kept/client_responses.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"
#include "engine/surface/openai/responses_tools.hpp"

namespace patchbay::surface {

/// The items of `input`, a list or a string, which is one user message; references to items that
/// `kept` has are those items. Fails on a wrong shape, and on a reference to what is not there (404
/// if anything is kept).
Result<json::array> input_items(const json::value& input, const ClientResponses& kept);

/// Appends to `messages` what `items` say, behind those of `earlier` turns.
/// Items of one turn of the model (reasoning, a message, calls) become one assistant message;
/// results follow it as tool messages. What only OpenAI can replay (tools that it ran, reasoning
/// that it encrypted) is left out and noted. Tools that items tell of are added to `tools`. Fails on a
/// wrong shape.
Result<void> append_items(std::span<const json::value> earlier, const json::array& items,
                          Reading& reading, ResponseTools& tools, json::array& messages);

}  // namespace patchbay::surface
