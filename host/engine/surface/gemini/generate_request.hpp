// A request of Gemini's generateContent as a request of OpenAI's chat API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

/// A translated request.
struct GenerateRequest {
    std::string json;
    /// What was left out or said less exactly, as kinds of places ("generationConfig.audioTimestamp",
    /// "prefill"): one for all of a kind, so few whatever the request.
    std::vector<std::string> dropped;
    ChatNames names;        ///< for the way back
    bool thoughts = false;  ///< the client wants to see what the model thought
};

/// What of a request does not stand in its body.
struct GenerateCall {
    std::string_view model;  ///< from the path
    bool stream = false;
};

/// Translates `body`, one JSON object in UTF-8. Members may be in camelCase or snake_case. Those
/// that are neither Gemini's nor known to have no counterpart are kept as they are: those meant for
/// the gateway (metadata, guardrails, num_retries, ...) and unknown ones. Members that are null are
/// left out. The same body always gives the same text. With `drop_params`, or the member of that
/// name in the body, what OpenAI's chat API cannot say is left out where it would change the answer;
/// else that is an Error (unsupported, 400). An Error (bad_request, 400) whose `param` names the
/// place if a shape is wrong, such as "contents.2.parts.0.inlineData". Pure; any thread.
Result<GenerateRequest> chat_of_generate(std::string_view body, const GenerateCall& call,
                                         bool drop_params = false);

}  // namespace patchbay::surface
