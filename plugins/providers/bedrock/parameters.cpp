// SPDX-License-Identifier: Apache-2.0
#include "parameters.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/parameter_rules.hpp"
#include "anthropic/tools.hpp"
#include "chat/parameter_rules.hpp"

namespace patchbay::bedrock {

namespace {

struct Set {
    const json::object& client;
    const Family& family;
};

using Rule = shared::ParameterRule<Set>;
using shared::never;
using shared::unless_empty;
using shared::unless_false;
using shared::unless_one;
using shared::unless_text;
using shared::unless_zero;
using shared::Verdict;

Verdict up_to_one(const json::value& value, const Set&) {
    return json_tree::number(value).value_or(0) > 1 ? Verdict::refuse : Verdict::keep;
}

// "ServiceTier" of AWS's reference.
Verdict tier(const json::value& value, const Set&) {
    constexpr std::array<std::string_view, 4> kTiers{"default", "flex", "priority", "reserved"};
    const auto* word = value.if_string();
    if (word && *word == "auto") return Verdict::leave_out;
    const bool known = word && std::find(kTiers.begin(), kTiers.end(), view(*word)) != kTiers.end();
    return known ? Verdict::keep : Verdict::refuse;
}

Verdict tools(const json::value& value, const Set& set) {
    const auto* list = value.if_array();
    if (list && list->empty()) return Verdict::leave_out;
    return set.family.tools ? Verdict::keep : Verdict::refuse;
}

Verdict choice(const json::value& value, const Set& set) {
    const auto* word = value.if_string();
    if (!find(set.client, "tools") && !find(set.client, "functions")) return Verdict::leave_out;
    if (word && *word == "auto") return set.family.tools ? Verdict::keep : Verdict::refuse;
    const bool bound = set.family.choice != Choice::none && !(word && *word == "none");
    return bound ? Verdict::keep : Verdict::refuse;
}

// Only Claude can be kept to one call at a time.
Verdict parallel(const json::value& value, const Set& set) {
    if (value != json::value(false)) return Verdict::leave_out;
    if (!find(set.client, "tools") && !find(set.client, "functions")) return Verdict::leave_out;
    return set.family.claude() ? Verdict::keep : Verdict::refuse;
}

Verdict thinking(const json::value& value, const Set& set) {
    if (set.family.thinks != Thinks::no) return Verdict::keep;
    const auto* object = value.if_object();
    const bool off = object && text(*object, "type") == "disabled";
    return off || effort_word(set.client) == "none" ? Verdict::leave_out : Verdict::refuse;
}

// Nova's words, and gpt-oss's; Claude's are judged with its own rules.
Verdict effort(const json::value& value, const Set& set) {
    constexpr std::array<std::string_view, 3> kEfforts{"low", "medium", "high"};
    if (set.family.thinks == Thinks::no) return thinking(value, set);
    const auto word = effort_word(set.client);
    if (set.family.claude() || word == "none") return Verdict::keep;
    const bool known = std::find(kEfforts.begin(), kEfforts.end(), word) != kEfforts.end();
    return known ? Verdict::keep : Verdict::refuse;
}

Verdict search(const json::value&, const Set& set) {
    return set.family.top_k == TopK::nova ? Verdict::keep : Verdict::refuse;
}

Verdict top_k(const json::value&, const Set& set) {
    return set.family.top_k == TopK::none ? Verdict::refuse : Verdict::keep;
}

// A model without tools cannot be made to give JSON of a schema, if it has no form for that.
Verdict format(const json::value& value, const Set& set) {
    const auto* object = value.if_object();
    const bool schema = object && text(*object, "type") == "json_schema";
    return schema && !set.family.schema && !set.family.tools ? Verdict::refuse : Verdict::keep;
}

void clamp_to_one(json::value& value) {
    value = 1;
}
void let_choose(json::value& value) {
    const auto* word = value.if_string();
    // What forbids calls is kept: the tools are left out for it (tools.hpp).
    if (!word || *word != "none") value = "auto";
}

constexpr std::string_view kThinksNot = "the model does not think";
constexpr std::string_view kChoice =
    "no call can be forbidden, and not every model can be made to call";

constexpr std::array kRules{
    Rule{"audio", never},
    Rule{"frequency_penalty", unless_zero},
    Rule{"function_call", choice, kChoice, let_choose},
    Rule{"functions", tools, "the model takes no tools"},
    Rule{"logit_bias", unless_empty},
    Rule{"logprobs", unless_false},
    Rule{"modalities", unless_text},
    Rule{"n", unless_one},
    Rule{"parallel_tool_calls", parallel, "calls cannot be kept to one at a time"},
    Rule{"prediction", never},
    Rule{"presence_penalty", unless_zero},
    Rule{"prompt_cache_key", never},
    Rule{"prompt_cache_retention", never},
    Rule{"reasoning_effort", effort, "the model has no such effort"},
    Rule{"response_format", format, "the model gives no JSON of a schema"},
    Rule{"safety_identifier", never},
    Rule{"seed", never},
    Rule{"service_tier", tier, "default, flex, priority or reserved"},
    Rule{"store", unless_false},
    Rule{"temperature", up_to_one, "from 0 to 1", clamp_to_one},
    Rule{"thinking", thinking, kThinksNot},
    Rule{"tool_choice", choice, kChoice, let_choose},
    Rule{"tools", tools, "the model takes no tools"},
    Rule{"top_k", top_k},
    Rule{"top_logprobs", never},
    Rule{"verbosity", never},
    Rule{"web_search_options", search},
};

// Claude's own rules are those of Anthropic's API. What Bedrock judges itself they need not see.
Result<anthropic::Thinking> settle_claude(json::object& client, const RequestOptions& options,
                                          bay::Dropped& dropped) {
    anthropic::RequestOptions own;
    own.provider = "bedrock";
    own.model = options.model->name;
    own.drop_params = options.drop_params;
    std::string allowed(options.allowed_params);
    allowed.append(allowed.empty() ? "" : ",").append("service_tier");
    own.allowed_params = allowed;
    own.hint_params = options.hint_params;
    return anthropic::settle_parameters(client, own, dropped);
}

}  // namespace

std::string_view effort_word(const json::object& client) {
    const auto* effort = find(client, "reasoning_effort");
    if (!effort) return {};
    if (const auto* object = effort->if_object()) return text(*object, "effort");
    const auto* word = effort->if_string();
    return word ? view(*word) : std::string_view();
}

std::string_view asked_effort(const json::object& client) {
    const auto* thinking = find_object(client, "thinking");
    if (!thinking) return effort_word(client);
    if (text(*thinking, "type") == "disabled") return "none";
    const auto budget = count(*thinking, "budget_tokens");
    if (budget == 0) return "medium";
    return budget <= 1024 ? "low" : budget <= 2048 ? "medium" : "high";
}

Result<Settled> settle_parameters(json::object& client, const RequestOptions& options) {
    const Set set{client, *options.model->family};
    const shared::Leniency leniency{"bedrock", options.asked, options.drop_params,
                                    options.allowed_params, options.hint_params};
    Settled settled;
    const auto done = shared::settle(client, kRules, set, leniency, settled.dropped);
    if (!done) return done.error();
    if (!set.family.claude()) return settled;
    auto thinking = settle_claude(client, options, settled.dropped);
    if (!thinking) return thinking.error();
    settled.thinking = std::move(*thinking);
    return settled;
}

}  // namespace patchbay::bedrock
