// An earlier answer of the model, as a client of the Messages API replays it, to one assistant
// message of OpenAI's.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Appends the message for `content`, a string or blocks; nothing if neither text nor a call is in
/// it. messages_turns.hpp says what becomes of the blocks.
Result<void> append_assistant(const json::value& content, const Place& place, Reading& reading,
                              json::array& messages);

}  // namespace patchbay::surface
