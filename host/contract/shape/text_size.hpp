// How much text a chat document holds, for estimates of tokens.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay {

/// Bytes of what was said in a piece of OpenAI's chat JSON, or of Anthropic's messages: the value of "choices" of an answer or
/// a chunk, or of "messages" of a request. Counts strings named content, text, reasoning_content,
/// reasoning, refusal, thinking, arguments and partial_json, as they are written (an escape counts
/// its letters). `json` is valid JSON; of anything else the number is some number. One pass,
/// allocates nothing; any thread.
std::size_t text_size(std::string_view json);

/// Tokens in so many bytes of text: one in four, as OpenAI's rule of thumb for English has it; at
/// least 1 for any text.
constexpr std::size_t estimated_tokens(std::size_t bytes) {
    return (bytes + 3) / 4;
}

}  // namespace patchbay
