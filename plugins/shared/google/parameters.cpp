#include "parameters.hpp"

#include <array>

#include "chat/parameter_rules.hpp"
#include "thinking.hpp"

namespace patchbay::google {

namespace {

struct Set {
    const json::object& client;
    const ModelTraits& traits;
};

using Rule = shared::ParameterRule<Set>;
using shared::never;
using shared::unless_empty;
using shared::unless_false;
using shared::Verdict;

Verdict thinking(const json::value& value, const Set& set) {
    if (set.traits.thinking != ThinkingForm::none) return Verdict::keep;
    return asks_no_thought(value) ? Verdict::leave_out : Verdict::refuse;
}

// What stands above "high" is refused as LiteLLM refuses it, and an unknown word as nobody knows it.
Verdict effort(const json::value& value, const Set& set) {
    const auto word = effort_word(value);
    const bool above = word == "xhigh" || word == "max";
    if (above || !is_known_effort(word)) return Verdict::refuse;
    return thinking(value, set);
}

// With one tool the models nearly never call it twice, and LiteLLM's clients send this unasked.
Verdict one_at_a_time(const json::value& value, const Set& set) {
    const auto* tools = find_array(set.client, "tools");
    const bool several = tools && tools->size() > 1;
    return value == json::value(false) && several ? Verdict::refuse : Verdict::leave_out;
}

constexpr std::array kRules{
    Rule{"logit_bias", unless_empty},
    Rule{"prediction", never},
    Rule{"prompt_cache_key", never},
    Rule{"prompt_cache_retention", never},
    Rule{"safety_identifier", never},
    Rule{"store", unless_false},
    Rule{"verbosity", never},
    Rule{"thinking", thinking, "the model does not think"},
    Rule{"reasoning_effort", effort, "none, minimal, low, medium or high, of a model that thinks"},
    Rule{"parallel_tool_calls", one_at_a_time, "calls cannot be kept to one at a time"},
};

}  // namespace

Result<void> settle_parameters(json::object& client, const ModelTraits& traits,
                               const RequestOptions& options, bay::Dropped& dropped) {
    const Set set{client, traits};
    const shared::Leniency leniency{options.provider, options.model, options.drop_params,
                                    options.allowed_params, options.hint_params};
    return shared::settle(client, kRules, set, leniency, dropped);
}

}  // namespace patchbay::google
