// The parameters of OpenAI's chat API that a gateway must know by name, as small sets.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace patchbay::openai {

/// A parameter whose support differs from provider to provider. Parameters that are not here are
/// never touched: they are the provider's own (LiteLLM's extra_body).
enum class Param : std::uint8_t {
    audio,
    frequency_penalty,
    function_call,
    functions,
    logit_bias,
    logprobs,
    max_completion_tokens,
    max_tokens,
    modalities,
    n,
    parallel_tool_calls,
    prediction,
    presence_penalty,
    prompt_cache_key,
    prompt_cache_retention,
    reasoning_effort,
    response_format,
    safety_identifier,
    seed,
    service_tier,
    stop,
    store,
    stream,
    stream_options,
    temperature,
    thinking,
    tool_choice,
    tools,
    top_k,
    top_logprobs,
    top_p,
    user,
    verbosity,
    web_search_options,
    unknown,
};

inline constexpr std::size_t kParamCount = static_cast<std::size_t>(Param::unknown);

/// Param::unknown if the name is not in the table. Costs a few string comparisons.
Param find_param(std::string_view name);

/// Empty for Param::unknown.
std::string_view param_name(Param param);

/// A set of parameters; a plain value of eight bytes.
class ParamSet {
  public:
    constexpr ParamSet() = default;
    constexpr ParamSet(std::initializer_list<Param> params) {
        for (const Param param : params) add(param);
    }
    static constexpr ParamSet all() {
        ParamSet set;
        set.bits_ = (std::uint64_t{1} << kParamCount) - 1;
        return set;
    }
    constexpr bool has(Param param) const { return (bits_ & bit(param)) != 0; }
    constexpr void add(Param param) { bits_ |= bit(param); }
    constexpr void add(ParamSet other) { bits_ |= other.bits_; }
    constexpr void remove(ParamSet other) { bits_ &= ~other.bits_; }
    friend constexpr bool operator==(ParamSet, ParamSet) = default;

  private:
    static constexpr std::uint64_t bit(Param param) {
        return std::uint64_t{1} << static_cast<unsigned>(param);
    }
    std::uint64_t bits_ = 0;
};

/// What every OpenAI-compatible provider is taken to support unless its row says otherwise
/// (LiteLLM's base list): everything but the reasoning parameters, and who the client's user is,
/// which is told to nobody who is not known to ask for it.
constexpr ParamSet base_params() {
    ParamSet set = ParamSet::all();
    set.remove({Param::reasoning_effort, Param::thinking, Param::verbosity, Param::user});
    return set;
}

/// Parameters that are none of OpenAI's: what a client says of them itself is sent to every
/// provider; of those that come from another API as hints only those that it supports.
constexpr ParamSet foreign_params() {
    return {Param::top_k};
}

/// Not supported, but never a reason to refuse a request: such a parameter is left out silently.
constexpr ParamSet tolerated_params() {
    return {Param::user, Param::stream, Param::stream_options};
}

}  // namespace patchbay::openai
