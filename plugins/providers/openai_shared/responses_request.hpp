// A chat request as one of the Responses API.
#pragma once

#include <cstdint>
#include <string>

#include "dialect.hpp"
#include "responses_text.hpp"

namespace patchbay::openai {

/// What the request is for: an answer, or the count of its tokens, which takes only what the model reads
/// and how it is to answer.
enum class ResponsesFor : std::uint8_t { answer, count };

/// What to send, and what of it the reader of the answer must know.
struct ResponsesCall {
    std::string body;
    bool functions = false;  ///< asked in chat's older form, in which the calls are to be told
};

/// The request for the model `model`. Parameters that the model does not take, and those that the
/// Responses API has no word for (stop, seed, n, penalties, logit_bias), are refused or, with
/// BAY_REQ_DROP_PARAMS, left out; members that are no parameters of chat go as they are. Nothing is
/// kept at the provider unless the client says `store`; what models that reason thought comes back
/// sealed, so that the next turn can bring it.
Result<ResponsesCall> responses_request(const bay_ev_request& request, const Dialect& dialect,
                                        std::string_view model,
                                        ResponsesFor purpose = ResponsesFor::answer);

}  // namespace patchbay::openai
