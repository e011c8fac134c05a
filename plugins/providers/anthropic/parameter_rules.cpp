// SPDX-License-Identifier: Apache-2.0
#include "parameter_rules.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <patchbay/sdk.hpp>
#include <string>

#include "chat/parameter_rules.hpp"
#include "content.hpp"
#include "model.hpp"
#include "tools.hpp"

namespace patchbay::anthropic {

namespace {

/// What the rules look at beside their own parameter.
struct Set {
    const json::object& client;
    const RequestOptions& options;
    ModelTraits traits;
    bool thinks;
};

using Rule = shared::ParameterRule<Set>;
using shared::never;
using shared::unless_empty;
using shared::unless_false;
using shared::unless_one;
using shared::unless_text;
using shared::unless_zero;
using shared::Verdict;

bool is(const json::value& value, double wanted) {
    return json_tree::number(value) == wanted;
}

// What whoever serves Claude does not take (Opening::lacks).
Verdict unless_lacked(const Set& set, std::string_view name) {
    return bay::list_has(set.options.lacks, name) ? Verdict::refuse : Verdict::keep;
}
Verdict calls_at_once(const json::value&, const Set& set) {
    return unless_lacked(set, "parallel_tool_calls");
}
Verdict format(const json::value&, const Set& set) {
    return unless_lacked(set, "response_format");
}
Verdict sequences(const json::value&, const Set& set) {
    return unless_lacked(set, "stop");
}
// Who the user is, is no reason to fail.
Verdict user(const json::value&, const Set& set) {
    const bool lacked = bay::list_has(set.options.lacks, "user");
    return lacked ? Verdict::leave_out : Verdict::keep;
}

// "Service tiers".
Verdict service_tier(const json::value& value, const Set&) {
    const auto* tier = value.if_string();
    const bool known = !tier || *tier == "auto" || *tier == "default" || *tier == "standard_only";
    return known ? Verdict::keep : Verdict::refuse;
}

Verdict model_thinks(const json::value& value, const Set& set) {
    if (set.traits.thinks()) return Verdict::keep;
    const auto* object = value.if_object();
    const auto* word = value.if_string();
    const bool off = object ? text(*object, "type") == "disabled" : word && *word == "none";
    return off ? Verdict::leave_out : Verdict::refuse;
}

// "Extended thinking": the least budget, and its place below max_tokens.
Verdict thinking_fits(const json::value&, const Set& set) {
    const bool fits = !set.traits.thinks() || thinking_fault(set.client, set.options).empty();
    return fits ? Verdict::keep : Verdict::mend;
}

// "Effort": the models that have it.
Verdict effort(const json::value& value, const Set& set) {
    const auto* config = value.if_object();
    const bool asks = config && find(*config, "effort");
    return asks && set.traits.effort == Effort::none ? Verdict::refuse : Verdict::keep;
}

bool other_than_one(const json::object& client, std::string_view name) {
    const auto* value = find(client, name);
    return value && is_number(*value) && !is(*value, 1);
}

// "Extended thinking", "Migration guide": 1 is the default, so it says nothing.
Verdict temperature(const json::value& value, const Set& set) {
    const bool fixed = set.traits.sampling == Sampling::fixed;
    if (!is(value, 1)) {
        return fixed ? Verdict::refuse : set.thinks ? Verdict::mend : Verdict::keep;
    }
    const bool beside = set.traits.sampling == Sampling::one_of && find(set.client, "top_p");
    return fixed || beside ? Verdict::leave_out : Verdict::keep;
}

Verdict top_p(const json::value& value, const Set& set) {
    const bool fixed = set.traits.sampling == Sampling::fixed;
    const bool second =
        set.traits.sampling == Sampling::one_of && other_than_one(set.client, "temperature");
    if (is(value, 1)) return fixed || second ? Verdict::leave_out : Verdict::keep;
    const auto number = json_tree::number(value).value_or(0);
    const bool low = set.thinks && (number < 0.95 || number > 1);
    return fixed ? Verdict::refuse : second || low ? Verdict::mend : Verdict::keep;
}

Verdict top_k(const json::value&, const Set& set) {
    if (set.traits.sampling == Sampling::fixed) return Verdict::refuse;
    return set.thinks ? Verdict::mend : Verdict::keep;
}

// "Extended thinking": with tools the model may only be let choose, or kept from calling.
Verdict tool_choice(const json::value& value, const Set& set) {
    return set.thinks && forces_a_call(value) ? Verdict::mend : Verdict::keep;
}

bool is_blank_text(const json::value& value) {
    const auto* word = value.if_string();
    return word && is_blank(*word);
}

Verdict stop(const json::value& value, const Set&) {
    if (is_blank_text(value)) return Verdict::mend;
    const auto* list = value.if_array();
    const bool blank = list && std::any_of(list->begin(), list->end(), is_blank_text);
    return blank ? Verdict::mend : Verdict::keep;
}

// "Prefill Claude's response" and "Extended thinking". Only what says that it is a prefill: others
// get a user turn behind them (messages.cpp).
Verdict messages(const json::value& value, const Set& set) {
    if (set.traits.prefill && !set.thinks) return Verdict::keep;
    const auto* list = value.if_array();
    const auto* last = list && !list->empty() ? list->back().if_object() : nullptr;
    const auto* mark = last ? find(*last, "prefix") : nullptr;
    return mark && *mark == json::value(true) ? Verdict::refuse : Verdict::keep;
}

void mend_stop(json::value& value) {
    if (auto* list = value.if_array()) {
        list->erase(std::remove_if(list->begin(), list->end(), is_blank_text), list->end());
    } else {
        value = json::array();
    }
}

constexpr std::string_view kThinks = "the model does not think";

// In the order in which an error names them if several rules are about one parameter.
constexpr std::array kRules{
    Rule{"audio", never},
    Rule{"frequency_penalty", unless_zero},
    Rule{"logit_bias", unless_empty},
    Rule{"logprobs", unless_false},
    Rule{"modalities", unless_text},
    Rule{"n", unless_one},
    Rule{"parallel_tool_calls", calls_at_once},
    Rule{"prediction", never},
    Rule{"presence_penalty", unless_zero},
    Rule{"prompt_cache_key", never},
    Rule{"prompt_cache_retention", never},
    Rule{"response_format", format},
    Rule{"safety_identifier", never},
    Rule{"seed", never},
    Rule{"stop", sequences},
    Rule{"store", unless_false},
    Rule{"top_logprobs", never},
    Rule{"user", user},
    Rule{"verbosity", never},
    Rule{"service_tier", service_tier},
    Rule{"thinking", model_thinks, kThinks},
    Rule{"reasoning_effort", model_thinks, kThinks},
    Rule{"thinking", thinking_fits, "the budget must be at least 1024 and less than max_tokens",
         [](json::value&) {}},  // plan_thinking() makes it fit
    Rule{"output_config", effort, "the model has no effort",
         [](json::value& value) { value.get_object().erase("effort"); }},
    Rule{"temperature", temperature, "only 1 while the model thinks, and for models that fix it"},
    Rule{"top_p", top_p,
         "not beside temperature for this model, and only 0.95 to 1 while the model thinks"},
    Rule{"top_k", top_k, "not while the model thinks, and not for models that fix it"},
    Rule{"tool_choice", tool_choice, "no call can be forced while the model thinks",
         [](json::value& value) { value = "auto"; }},
    Rule{"function_call", tool_choice, "no call can be forced while the model thinks",
         [](json::value& value) { value = "auto"; }},
    Rule{"stop", stop, "a sequence must not be white space alone", mend_stop},
    Rule{"messages", messages, "the model cannot go on from a last message marked prefix",
         [](json::value& value) { value.get_array().back().get_object().erase("prefix"); }},
};

}  // namespace

Result<Thinking> settle_parameters(json::object& client, const RequestOptions& options,
                                   bay::Dropped& dropped) {
    auto thinking = plan_thinking(client, options);
    if (!thinking) return thinking;
    const auto traits = traits_of(options.model);
    if (!traits.thinks() && !bay::list_has(options.allowed_params, "thinking")) *thinking = {};
    const Set set{client, options, traits, thinking->on};
    const shared::Leniency leniency{options.provider, options.model, options.drop_params,
                                    options.allowed_params, options.hint_params};
    const auto done = shared::settle(client, kRules, set, leniency, dropped);
    if (!done) return done.error();
    return thinking;
}

}  // namespace patchbay::anthropic
