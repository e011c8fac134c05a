// What Gemini's countTokens counts: the request of a generateContent, in one of two places.
#pragma once

#include <string_view>

#include "engine/surface/gemini/generate_request.hpp"

namespace patchbay::surface {

/// Translates `body`, one JSON object with `contents` or a `generateContentRequest`, as chat_of_generate()
/// does what is answered; the model is `model`, whatever the request within says. Pure; any thread.
Result<GenerateRequest> chat_of_counted(std::string_view body, std::string_view model,
                                        bool drop_params = false);

}  // namespace patchbay::surface
