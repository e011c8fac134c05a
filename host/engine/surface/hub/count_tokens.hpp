// Counting tokens for who is asked by another API than its own: a chat completion that is counted and
// not answered.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/surface.hpp"

namespace patchbay {

/// "chat.count_tokens": asked as a chat completion is, answered {"input_tokens":7}.
extern const Operation kCountChat;

namespace surface {

/// The form in which an API tells a count; static.
struct CountForm {
    std::string_view tokens;  ///< the member that is the count
    std::string_view object;  ///< the value of "object" before it; empty: there is none
};

/// {"totalTokens":7} for {"input_tokens":7}. Of what is no count nothing is made up: the number is not
/// there. Pure; any thread.
std::string told_count(std::string_view counted, const CountForm& form);

/// A chat request that is counted; the answer is told in `form`.
std::unique_ptr<Translation> count_translation(std::string chat, std::vector<std::string> dropped,
                                               const CountForm& form);

}  // namespace surface

}  // namespace patchbay
