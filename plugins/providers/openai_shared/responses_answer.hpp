// A response of the Responses API as an answer of chat.
#pragma once

#include <optional>
#include <string>

#include "responses_values.hpp"

namespace patchbay::openai {

struct ChatAnswer {
    std::string json;
    std::optional<bay_usage> usage;
};

/// The answer, with one choice: what the items say, in their order, as one message. Nothing if
/// `response` is no response that has come to its end, or one that failed (is_failed()).
std::optional<ChatAnswer> chat_of_response(const json::object& response,
                                           const ChatAnswerContext& context);

}  // namespace patchbay::openai
