// A request of OpenAI's Responses API as a request of its chat API.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "engine/kept/client_responses.hpp"
#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/openai/responses_tools.hpp"

namespace patchbay::surface {

/// A translated request.
struct ChatOfResponses {
    std::string json;
    /// What was left out or said less exactly, as kinds of places ("input.file_search_call",
    /// "tools.custom"): one for all of a kind.
    std::vector<std::string> dropped;
    ChatNames names;             ///< for the way back
    CustomTools custom;          ///< likewise
    bool client_search = false;  ///< likewise: calls of kToolSearch are searches among tools
    /// The response is to be kept for the client: what the request says, JSON array.
    std::optional<std::string> input;
    std::shared_ptr<const KeptResponse> previous;  ///< that it goes on from
};

/// Translates `body`, one JSON object in UTF-8. Members that the Responses API does not have are
/// kept as they are: those meant for the gateway and unknown ones. Members that are null are left
/// out. The same body always gives the same text. With `drop_params`, or the member of that name in
/// the body, what the chat API cannot say is left out where it would change the answer; else that is
/// an Error (unsupported, 400). What OpenAI keeps is taken from `kept`, if that keeps anything:
/// previous_response_id and references to items; other state (conversation, prompt, background) is
/// refused in any case, for without it the question is another one. An Error
/// (bad_request, 400) whose `param` names the place if a shape is wrong. Pure; any thread.
Result<ChatOfResponses> chat_of_responses(std::string_view body, bool drop_params = false,
                                          const ClientResponses& kept = {});

}  // namespace patchbay::surface
