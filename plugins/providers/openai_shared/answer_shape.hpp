// Answers of servers that are almost OpenAI's, brought into the shape that OpenAI's clients read.
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json/object.hpp>

#include "dialect.hpp"

namespace patchbay::openai {

/// An end that is a failure of the provider's, whatever was said before it.
struct GivenUp {
    std::string_view reason;  ///< the provider's finish_reason
    std::uint32_t cls;        ///< BAY_ERR_*
};

/// The row of a choice's finish_reason; nullptr if it is no failure. Static.
const GivenUp* given_up(const boost::json::object& choice);

/// Rewrites one choice of a whole answer in place; true if anything changed.
///  - A content list becomes one string; its thoughts become "reasoning_content", those with a
///    signature "thinking_blocks", too. Citations go to "provider_specific_fields".
///  - "reasoning", else what stands between <think> tags at the beginning of the content, becomes
///    "reasoning_content"; with AnswerRules::reasoning_stays the former stays what it is.
///  - Content that is "" becomes null with AnswerRules::null_content.
///  - Members that OpenAI's messages do not have go to "provider_specific_fields"; with
///    AnswerRules::keep_extras they stay where they are.
///  - Arguments of tool calls that are no string become one, null "{}" (in a stream ""), calls
///    without a type functions, and calls without an id get one.
///  - A finish_reason that OpenAI does not have becomes the one that means the same; the provider's
///    own is "native_finish_reason" in the choice's "provider_specific_fields". One that is "" is
///    "stop", in a stream null.
bool shape_choice(const AnswerRules& rules, boost::json::object& choice);

/// The same for a choice of a stream's chunk, without <think> tags (think_tags.hpp). "reasoning" becomes
/// "reasoning_content", and stays beside it with AnswerRules::stream_reasoning_stays; other members
/// stay where they are.
bool shape_delta(const AnswerRules& rules, boost::json::object& choice);

}  // namespace patchbay::openai
