// A whole answer of OpenAI's chat API as a message of Anthropic's.
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

/// The message for `chat_answer`, a whole answer, of which the first choice is told. Blocks stand
/// in Anthropic's order: thinking (exact blocks, or the readable thought with an empty signature),
/// text, tool_use. `model` is the name that the client asked for; `names` gives tools back the
/// names that chat_of_messages() changed. Of a text that is no answer the message is empty. The
/// same answer always gives the same text. Pure; any thread.
std::string message_of_chat(std::string_view chat_answer, std::string_view model,
                            const ChatNames& names = {});

}  // namespace patchbay::surface
