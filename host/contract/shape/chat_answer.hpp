// Answers and chunks in the shape of OpenAI's chat completions.
#pragma once

#include <string_view>

#include "contract/shape/shape.hpp"

namespace patchbay {

/// kChatShape's scan. The parts of a stream are its choices, by index, and one ends with a
/// finish_reason other than null, false and "". An "error" that says something (not null, false, 0,
/// "", {}, [] or an object of such members), or "object" being "error", is an error; beside choices
/// it is the provider's remark, and the whole is an answer. Any bytes are safe. Needs no padding,
/// allocates nothing; any thread.
AnswerFacts scan_chat_answer(std::string_view json);

/// The same without the check of UTF-8.
AnswerFacts walk_chat_answer(std::string_view json);

/// kChatShape's meaningful(): a choice has text, a call or a finish_reason, and not only a role.
/// True for what is no chunk.
bool chat_says_something(std::string_view json);

}  // namespace patchbay
