// An answer of OpenAI's chat API as one of Bedrock's Converse.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/surface/bedrock/converse_values.hpp"

namespace patchbay::surface {

/// Translates a whole answer; of its choices the first. `milliseconds`: how long it took. What is no
/// JSON object gives an answer that says nothing. Pure; any thread.
std::string converse_of_chat(std::string_view chat_answer, const ConverseAnswering& answering,
                             std::uint64_t milliseconds);

}  // namespace patchbay::surface
