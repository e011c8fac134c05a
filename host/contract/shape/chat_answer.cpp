#include "contract/shape/chat_answer.hpp"

#include <simdjson.h>

namespace patchbay {

AnswerFacts scan_chat_answer(std::string_view json) {
    const AnswerFacts facts = walk_chat_answer(json);
    if (!facts.object || !simdjson::validate_utf8(json.data(), json.size())) return {};
    return facts;
}

const Shape kChatShape{
    .name = "chat",
    .named_events = false,
    .scan = [](std::string_view, std::string_view json) { return scan_chat_answer(json); },
    .read_usage = read_usage,
    .meaningful = [](std::string_view, std::string_view json) { return chat_says_something(json); },
};

}  // namespace patchbay
