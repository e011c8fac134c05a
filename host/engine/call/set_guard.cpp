#include "engine/call/set_guard.hpp"

#include <algorithm>
#include <locale>
#include <vector>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "contract/json/utf8_text.hpp"
#include "engine/surface/body_edit.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kMaxHeader = 16384;  ///< bytes of a header's value that guardrails may see

// Members that may name guardrails.
bool may_name_some(std::span<const bay_member> members) {
    for (const std::string_view name : {"guardrails", "metadata", "litellm_metadata", "policies"}) {
        if (find_member(members, name)) return true;
    }
    return false;
}

Error not_there(std::string_view what, const std::string& name) {
    Error error;
    error.http_status = 500;
    error.type = "internal_server_error";
    error.retry = RetryHint::never;
    error.message = std::string(what) + " '" + name +
                    "', which this key or its team has, is not configured on this gateway: calls "
                    "do not go on without it.";
    return error;
}

// What a key has may have been taken out of the configuration since it was given.
std::optional<Error> check_key(const Call& call) {
    if (!call.principal) return std::nullopt;
    if (const auto& policies = call.principal->policies; !policies.empty()) {
        return not_there("Policy", policies.front());
    }
    for (const std::string& name : call.principal->guardrails) {
        const auto& all = call.world->guardrails;
        if (std::none_of(all.begin(), all.end(),
                         [&](const auto& one) { return one->config.guardrail_name == name; })) {
            return not_there("Guardrail", name);
        }
    }
    return std::nullopt;
}

}  // namespace

guard::CallFacts facts_of(std::string_view id, const Caller& caller) {
    guard::CallFacts facts;
    facts.request_id = id;
    facts.traceparent = caller.header("traceparent");
    facts.metadata["litellm_call_id"] = id;
    for (const http::Header& header : caller.headers) {
        std::string name(header.name);
        boost::algorithm::to_lower(name, std::locale::classic());
        facts.headers.emplace_back(std::move(name), as_utf8(header.value, kMaxHeader));
    }
    return facts;
}

std::optional<Error> set_guard(Call& call, const ModelGroup& group) {
    const auto& all = call.world->guardrails;
    const auto members = call.ask.members();
    if (auto refused = check_key(call)) return refused;
    if (all.empty() && !may_name_some(members)) return std::nullopt;
    std::vector<std::string> required = group.guardrails;
    if (call.principal) {
        const auto& own = call.principal->guardrails;
        required.insert(required.end(), own.begin(), own.end());
    }
    auto selected = guard::select(all, members, required, call.engine.uniform());
    if (!selected) return selected.error();
    if (selected->empty()) return std::nullopt;
    guard::CallFacts facts = facts_of(call.id, call.caller);
    facts.metadata["model"] = call.ask.model;
    if (const bay_member* user = find_member(members, "user")) {
        auto given = json_tree::read({user->value.ptr, user->value.len}).value;
        json_tree::make_utf8(given);
        if (given.is_string()) facts.metadata["user_api_key_end_user_id"] = std::move(given);
    }
    call.guard = std::make_unique<guard::CallGuard>(call.engine.context(), std::move(*selected),
                                                    std::move(facts));
    call.applied_guardrails = call.guard->applied();
    return std::nullopt;
}

}  // namespace patchbay
