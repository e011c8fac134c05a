// How much text a request or an answer holds, for estimates of tokens.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay {

/// Bytes of what was said in a piece of the JSON of OpenAI's chat or responses, or of Anthropic's
/// messages: what AnswerFacts::text is the place of, or what RequestScan::content holds. Counts
/// strings that are the value of content, text, reasoning_content, reasoning, refusal, thinking,
/// arguments, partial_json, delta, output or input, or the whole of `json`, as they are written (an
/// escape counts its letters). `json` is valid JSON, or one member of an object; of anything else
/// the number is some number. One pass, allocates nothing; any thread.
std::size_t text_size(std::string_view json);

/// Tokens in so many bytes of text: one in four, as OpenAI's rule of thumb for English has it; at
/// least 1 for any text.
constexpr std::size_t estimated_tokens(std::size_t bytes) {
    return (bytes + 3) / 4;
}

}  // namespace patchbay
