// A whole answer of OpenAI's chat API as a response of its Responses API.
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/openai/response_items.hpp"

namespace patchbay::surface {

/// The response that says what the first choice of `chat_answer` says: what was thought, what was
/// said, images, calls. `now`: seconds since 1970, for answers that do not say when they were made.
/// What is no JSON object gives a response without output. Pure; any thread.
std::string response_of_chat(std::string_view chat_answer, const ResponseRequest& request,
                             std::uint64_t now);

}  // namespace patchbay::surface
