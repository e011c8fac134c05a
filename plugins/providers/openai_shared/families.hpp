// OpenAI's own model families, whose chat parameters differ from one another.
#pragma once

#include <cstdint>
#include <string_view>

#include "params.hpp"

namespace patchbay::openai {

inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

enum class Family : std::uint8_t {
    chat,      ///< gpt-4o and everything unknown
    o_series,  ///< o1, o3, o4-mini, ...: reasoning always on
    gpt5,      ///< gpt-5, gpt-5-mini, ...: reasoning always on
    gpt5_1,    ///< gpt-5.1 and later, gpt-6: sampling works while reasoning is off
};

/// By the model id; a "ft:" prefix and path segments before the last '/' do not matter.
/// "o3-mini" and "o_series/mine" are o_series, "gpt-5-chat-latest" is chat.
Family family_of(std::string_view model);

/// `base` changed by what the family adds and lacks. The parameters that gpt5_1 takes only while
/// reasoning is off are in the result; temperature is in it for all: its value decides.
ParamSet family_params(ParamSet base, Family family, std::string_view model);

/// True if OpenAI says of the model that it does not have this value of reasoning_effort, a JSON text:
/// gpt-5 always reasons and has no "xhigh", gpt-5.1 has neither "minimal" nor "xhigh", and what came
/// later no "minimal". Of models for code, of the "pro" ones from gpt-5.1 on, and of all others nothing
/// is known, so that OpenAI judges.
bool lacks_effort(std::string_view model, std::string_view effort);

/// True if the family refuses this member of a request of the Responses API. `reasons`: the request
/// asks a gpt5_1 model to reason.
bool lacks_in_responses(Family family, std::string_view member, bool reasons);

/// True for models that write their thoughts between <think> tags into the answer, unless their server
/// takes them out, by parts of their names in either case: DeepSeek-R1 and what was made of it, QwQ,
/// Qwen3, and so on. None of OpenAI's is one.
bool thinks_in_tags(std::string_view model);

/// Parameters that a gpt5_1 model takes only without reasoning effort.
constexpr ParamSet sampling_params() {
    return {Param::temperature, Param::top_p, Param::logprobs, Param::top_logprobs};
}

}  // namespace patchbay::openai
