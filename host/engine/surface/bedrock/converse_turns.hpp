// The system prompt and the messages of a Converse request as messages of an OpenAI chat request.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Appends `system` as one system message; nothing if it says nothing. What is no text is refused in
/// the way of Reading::refuse().
Result<void> append_converse_system(const json::value& system, Reading& reading,
                                    json::array& messages);

/// Appends `turns` in order:
///   user        its toolResults, each a tool message, then a user message for the rest; media of
///               results stand first in it, behind a line that says whose they are
///   assistant   one assistant message (converse_assistant.hpp)
///   system      a system message in its place
/// A last turn of the model, which Claude would go on from, is noted.
Result<void> append_converse_turns(const json::array& turns, Reading& reading,
                                   json::array& messages);

}  // namespace patchbay::surface
