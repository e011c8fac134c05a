// Which parameters of a request its provider has, as a table: a row judges one parameter, beside the
// others of the request if it must, and one function acts on the verdicts for every provider.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/sdk/dropped.hpp"
#include "patchbay/sdk/text.hpp"
#include "unsupported.hpp"

namespace patchbay::shared {

/// What is to be done with a parameter.
enum class Verdict {
    keep,
    leave_out,  ///< says nothing; never a reason to fail
    usual,  ///< says what happens without it: left out if the request is translated from another API,
            ///< whose clients say it by themselves; else refused, as LiteLLM does
    mend,  ///< the provider has it, but not beside the others: it says so itself, so it is sent
           ///< as it is, unless what is not supported may be left out
    refuse,
};

/// One parameter. `Set` is what the provider's judges look at beside their own parameter.
template <class Set>
struct ParameterRule {
    std::string_view name;
    Verdict (*judge)(const json::value& value, const Set& set);
    std::string_view why = {};  ///< for the error; empty: the provider has no such parameter
    /// What makes a refused value one that is taken; nullptr: it is left out.
    void (*mend)(json::value& value) = nullptr;
};

/// How the host wants what is not supported to be treated. Views live as long as the call.
struct Leniency {
    std::string_view provider;        ///< for error texts, such as "gemini"
    std::string_view model;           ///< likewise
    bool drop_params = false;         ///< leave out what is not supported instead of failing
    std::string_view allowed_params;  ///< comma separated: sent although not supported
    std::string_view hint_params;     ///< likewise: left out where not supported
};

// Judges for a parameter that the provider lacks: it may still say what happens without it. One answer
// is what LiteLLM excuses.
template <class Set>
Verdict never(const json::value&, const Set&) {
    return Verdict::refuse;
}
template <class Set>
Verdict unless_zero(const json::value& value, const Set&) {
    return json_tree::number(value) == 0.0 ? Verdict::usual : Verdict::refuse;
}
template <class Set>
Verdict unless_one(const json::value& value, const Set&) {
    return json_tree::number(value) == 1.0 ? Verdict::leave_out : Verdict::refuse;
}
template <class Set>
Verdict unless_false(const json::value& value, const Set&) {
    return value == json::value(false) ? Verdict::usual : Verdict::refuse;
}
/// The empty object.
template <class Set>
Verdict unless_empty(const json::value& value, const Set&) {
    return value == json::value(json::object()) ? Verdict::usual : Verdict::refuse;
}
/// `modalities` of text alone.
template <class Set>
Verdict unless_text(const json::value& value, const Set&) {
    return value == json::value(json::array{"text"}) ? Verdict::usual : Verdict::refuse;
}

/// Makes `client` a set of parameters that the rules do not refuse. What one refuses or would mend is
/// mended or left out with drop_params or as a hint, and `dropped` gets its name; else what is refused
/// fails with BAY_ERR_UNSUPPORTED, which names all of them in the client's order and leaves `client` as
/// it is. A
/// member that is null says nothing. One of allowed_params is not judged.
template <class Set, std::size_t Count>
Result<void> settle(json::object& client, const std::array<ParameterRule<Set>, Count>& rules,
                    const Set& set, const Leniency& leniency, bay::Dropped& dropped) {
    std::vector<Unsupported> broken;
    std::vector<const ParameterRule<Set>*> refused;
    std::vector<std::string_view> silent;
    for (const auto& [name, value] : client) {
        if (bay::list_has(leniency.allowed_params, name)) continue;
        for (const auto& rule : rules) {
            if (rule.name != std::string_view(name)) continue;
            auto verdict = value.is_null() ? Verdict::leave_out : rule.judge(value, set);
            if (verdict == Verdict::usual) {
                const bool out = leniency.drop_params || !leniency.hint_params.empty();
                verdict = out ? Verdict::leave_out : Verdict::refuse;
            }
            if (verdict == Verdict::leave_out) silent.push_back(rule.name);
            if (verdict != Verdict::refuse && verdict != Verdict::mend) continue;
            if (leniency.drop_params || bay::list_has(leniency.hint_params, name)) {
                refused.push_back(&rule);
            } else if (verdict == Verdict::refuse) {
                broken.push_back({rule.name, rule.why});
            }
        }
    }
    if (!broken.empty()) return unsupported(leniency.provider, leniency.model, broken);
    for (const auto name : silent) client.erase(name);
    for (const auto* rule : refused) {
        dropped.add(rule->name);
        auto* value = client.if_contains(rule->name);
        if (value && rule->mend) {
            rule->mend(*value);
        } else {
            client.erase(rule->name);
        }
    }
    return {};
}

}  // namespace patchbay::shared
