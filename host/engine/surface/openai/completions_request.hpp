// A request of OpenAI's older text completions as a request of its chat API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"

namespace patchbay::surface {

/// A translated request.
struct ChatOfCompletion {
    std::string json;
    std::vector<std::string> dropped;  ///< what was left out, as kinds of places
    std::string prompt;
    bool echoes = false;  ///< the prompt shall stand before the answer
};

/// Translates `body`, one JSON object in UTF-8: the prompt is a user's message. Members that both
/// APIs have, and unknown ones, are kept as they are. Several prompts, prompts of tokens, `suffix`
/// and `best_of` need a provider that completes texts, and are refused in any case; `logit_bias`,
/// whose tokens are those of another vocabulary, is refused or, with `drop_params`, left out. The
/// Errors (400) name the place. Pure; any thread.
Result<ChatOfCompletion> chat_of_completion(std::string_view body, bool drop_params = false);

}  // namespace patchbay::surface
