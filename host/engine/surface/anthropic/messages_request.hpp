// A request of Anthropic's Messages API as a request of OpenAI's chat API.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

/// A translated request.
struct ChatRequest {
    std::string json;
    /// What was left out or said less exactly, as kinds of places ("messages.content.citations",
    /// "tools.defer_loading", "prefill"): one for all of a kind, so few whatever the request.
    std::vector<std::string> dropped;
    ChatNames names;  ///< for the way back: message_of_chat(), MessagesStream
};

/// Translates `body`, one JSON object in UTF-8. Members that are neither Anthropic's nor known to
/// have no counterpart are kept as they are: those meant for the gateway (metadata, guardrails,
/// num_retries, ...) and unknown ones. Members that are null are left out. The same body always
/// gives the same text. With `drop_params`, or the member of that name in the body, what OpenAI's
/// chat API cannot say is left out where it would change the answer; else that is an Error
/// (unsupported, 400). An Error (bad_request, 400) whose `param` names the place if a shape is
/// wrong, such as "messages.2.content.0.source". Pure; any thread.
Result<ChatRequest> chat_of_messages(std::string_view body, bool drop_params = false);

}  // namespace patchbay::surface
