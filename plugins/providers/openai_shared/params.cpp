#include "params.hpp"

#include <algorithm>
#include <array>

#include "patchbay/sdk/names.hpp"

namespace patchbay::openai {

namespace {

// In the order of enum Param, which is the alphabet's.
constexpr std::array<std::string_view, kParamCount> kNames{
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "modalities",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
};
static_assert(std::is_sorted(kNames.begin(), kNames.end()));
constexpr bay::NameTable kTable(kNames);

}  // namespace

Param find_param(std::string_view name) {
    const std::size_t at = kTable.find(name);
    return at == kTable.npos ? Param::unknown : static_cast<Param>(at);
}

std::string_view param_name(Param param) {
    return param == Param::unknown ? std::string_view{} : kNames[static_cast<std::size_t>(param)];
}

}  // namespace patchbay::openai
