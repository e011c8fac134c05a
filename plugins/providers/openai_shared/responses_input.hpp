// The messages of a chat request as input items of the Responses API.
#pragma once

#include <string>

#include "responses_text.hpp"

namespace patchbay::openai {

struct ResponsesInput {
    std::string instructions;  ///< of a system message in front; empty: there is none
    std::string items;         ///< JSON array
};

/// One leading system message that is a text becomes the instructions; several, and those of the
/// role developer, stay messages. A turn of the assistant becomes its thoughts, what it said and its
/// calls, in this order; a tool message the output of its call. `may_instruct`: the request has no
/// instructions of its own.
Result<ResponsesInput> responses_input(const json::value& messages, bool may_instruct);

/// `id` of a call for OpenAI, which takes up to 64 characters: itself, or one made of its text alone,
/// the same on the call and on its result.
std::string response_call_id(std::string_view id);

}  // namespace patchbay::openai
