// A whole answer of OpenAI's chat API as one of Gemini's generateContent.
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/gemini/answer_values.hpp"

namespace patchbay::surface {

/// The response for `chat_answer`, with a candidate for each choice. Parts stand in this order: what
/// the model thought (if the client asked for it), text, images, calls. Thinking that is signed is in
/// the thoughtSignature of the first part behind the thought. Of a text that is no answer the response
/// has no candidates. The same answer always gives the same text. Pure; any thread.
std::string generate_of_chat(std::string_view chat_answer, const Answering& answering);

}  // namespace patchbay::surface
