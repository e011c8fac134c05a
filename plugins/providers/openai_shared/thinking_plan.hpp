// How much a model is to think, in the words that its provider has for it.
#pragma once

#include <cstdint>
#include <string>

#include "dialect.hpp"
#include "param_rules.hpp"
#include "values.hpp"

namespace patchbay::openai {

/// What becomes of the two parameters that say so, and what is added.
struct ThinkingPlan {
    ValueAction thinking;          ///< of `thinking`, if the client sent it
    ValueAction effort;            ///< of `reasoning_effort`, likewise
    std::string added_thinking;    ///< JSON to add as `thinking`; empty: nothing
    std::string added_effort;      ///< JSON to add as `reasoning_effort`; empty: nothing
    std::uint64_t max_tokens = 0;  ///< to add if the client says none; 0: nothing
    bool thinks = false;           ///< the model will
};

/// By the values in `rules`. `model` is what the dialect says of the model, or nullptr.
ThinkingPlan plan_thinking(ThinkingRule rule, const ParamRules& rules, const ModelRule* model);

}  // namespace patchbay::openai
