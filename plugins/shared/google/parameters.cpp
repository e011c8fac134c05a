#include "parameters.hpp"

#include <array>
#include <patchbay/sdk.hpp>
#include <vector>

#include "chat/unsupported.hpp"
#include "thinking.hpp"

namespace patchbay::google {

namespace {

struct Set {
    const json::object& client;
    const ModelTraits& traits;
};

enum class Verdict {
    keep,
    leave_out,  ///< says nothing; never a reason to fail
    refuse,
};

struct Rule {
    std::string_view name;
    Verdict (*judge)(const json::value& value, const Set& set);
    std::string_view why = {};  ///< for the error; empty: Google has no such parameter
};

Verdict never(const json::value&, const Set&) {
    return Verdict::refuse;
}
Verdict unless_false(const json::value& value, const Set&) {
    return value == json::value(false) ? Verdict::leave_out : Verdict::refuse;
}
Verdict unless_empty(const json::value& value, const Set&) {
    return value == json::value(json::object()) ? Verdict::leave_out : Verdict::refuse;
}

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
    std::vector<shared::Unsupported> broken;
    std::vector<std::string_view> out;
    for (const auto& rule : kRules) {
        const auto* value = find(client, rule.name);
        if (!value || bay::list_has(options.allowed_params, rule.name)) continue;
        const auto verdict = rule.judge(*value, set);
        if (verdict == Verdict::keep) continue;
        const bool named = verdict == Verdict::refuse && !options.drop_params &&
                           !bay::list_has(options.hint_params, rule.name);
        if (named) broken.push_back({rule.name, rule.why});
        if (verdict == Verdict::refuse) dropped.add(rule.name);
        out.push_back(rule.name);
    }
    if (!broken.empty()) return shared::unsupported(options.provider, options.model, broken);
    for (const auto name : out) client.erase(name);
    return {};
}

}  // namespace patchbay::google
