#include "engine/call/set_guard.hpp"

#include <locale>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "contract/json/utf8_text.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kMaxHeader = 16384;  ///< bytes of a header's value that guardrails may see

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
    if (all.empty() && !call.ask.options.any_control) return std::nullopt;
    const auto members = call.ask.members();
    auto selected = guard::select(all, members, group.guardrails, call.engine.uniform());
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
