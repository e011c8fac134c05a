// Gemini's countTokens by way of Anthropic's count_tokens, the one counter that providers have here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"

namespace patchbay::surface {

/// A request to count.
struct CountRequest {
    std::string json;
    std::vector<std::string> dropped;  ///< as GenerateRequest has it
};

/// Translates `body`, one JSON object with `contents` or a `generateContentRequest`, to a request of
/// Anthropic's count_tokens for `model`: system, messages and tools as they would be sent. What chat
/// cannot say is refused or left out, as chat_of_generate() has it; sound, which Anthropic does not
/// count, is refused (unsupported, 400). Thoughts of earlier turns are not counted. Pure; any thread.
Result<CountRequest> count_of_generate(std::string_view body, std::string_view model,
                                       bool drop_params = false);

/// {"totalTokens":7} for {"input_tokens":7}. Of what is no count, 0 is not made up: an empty object.
std::string total_of_count(std::string_view counted);

}  // namespace patchbay::surface
