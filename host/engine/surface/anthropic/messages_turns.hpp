// The turns of a Messages request to the messages of an OpenAI chat request.
//
// A turn of Anthropic's may hold what takes several messages in OpenAI's API: the results of calls
// are messages of their own there, and hold text only. Thoughts are members beside the text.
#pragma once

#include "contract/error.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Appends the system prompt, a string or text blocks, as one system message; nothing if it says
/// nothing. What Claude Code tells Anthropic about billing there is left out.
Result<void> append_system(const json::value& system, Reading& reading, json::array& messages);

/// Appends `turns`, the request's `messages`, in order:
///   user         its tool results, each a tool message (with is_error, and "Error: " before the
///                text if it is one), then one user message with the rest; images and documents of
///                results stand first in it, behind a line that says whose they are
///   assistant    text blocks as one string; calls as tool_calls; thinking that is signed and
///                redacted_thinking as thinking_blocks, the text of all thinking as
///                reasoning_content; the provider's own tools and their results are left out
///   system       in its place
/// A cache_control mark of a block stays on its part; in assistant turns and on tool results it is
/// the message's. Turns that say nothing are left out. A last assistant turn, which Anthropic would
/// go on from, is noted.
Result<void> append_turns(const json::value& turns, Reading& reading, json::array& messages);

}  // namespace patchbay::surface
