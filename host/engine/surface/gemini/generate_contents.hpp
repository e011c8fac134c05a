// The contents of a Gemini request as the messages of an OpenAI chat request.
#pragma once

#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Appends `instruction`, a content with text parts or a string, as one system message; nothing if
/// it says nothing.
Result<void> append_instruction(const json::value& instruction, Reading& reading,
                                json::array& messages);

/// Appends `contents` in order; contents of one side that follow each other are one turn:
///   user, function    its functionResponses, each a tool message, then a user message for the rest
///                     of each content; media of results stand first in it, behind a line that says
///                     whose they are
///   model             one assistant message (model_turn.hpp)
/// A result belongs to the call with its id; without one to the first call of its name in the turn
/// before that has no result yet. A last turn of the model, which Gemini would go on from, is noted.
/// `detail`: of images (generate_parts.hpp).
Result<void> append_contents(const json::array& contents, std::string_view detail, Reading& reading,
                             json::array& messages);

}  // namespace patchbay::surface
