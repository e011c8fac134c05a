#include "gateway/call_guard.hpp"

#include <locale>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "engine/surface/utf8_text.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxHeader = 16384;  ///< bytes of a header's value that guardrails may see

}  // namespace

guard::CallFacts facts_of(const Call& call) {
    guard::CallFacts facts;
    facts.request_id = call.id;
    facts.traceparent = call.request.header("traceparent");
    facts.metadata["litellm_call_id"] = call.id;
    for (const auto& field : call.request.head) {
        // Holds a browser's key.
        if (field.name() == boost::beast::http::field::sec_websocket_protocol) continue;
        std::string name(field.name_string());
        boost::algorithm::to_lower(name, std::locale::classic());
        facts.headers.emplace_back(std::move(name), as_utf8(field.value(), kMaxHeader));
    }
    return facts;
}

std::optional<Error> set_guard(Call& call, const ChatRequest& chat, const ModelGroup& group) {
    const auto& all = call.snapshot->guardrails;
    if (all.empty() && !chat.options.any_control) return std::nullopt;
    const std::span<const bay_member> members(chat.scan.members.data(), chat.scan.members.size());
    auto selected = guard::select(all, members, group.guardrails, call.world.uniform());
    if (!selected) return selected.error();
    if (selected->empty()) return std::nullopt;
    guard::CallFacts facts = facts_of(call);
    facts.metadata["model"] = chat.model;
    if (const bay_member* user = find_member(members, "user")) {
        auto given = json_tree::read({user->value.ptr, user->value.len}).value;
        json_tree::make_utf8(given);
        if (given.is_string()) facts.metadata["user_api_key_end_user_id"] = std::move(given);
    }
    const ExchangeContext context{call.world.loop, call.world.client};
    call.guard =
        std::make_unique<guard::CallGuard>(context, std::move(*selected), std::move(facts));
    call.applied_guardrails = call.guard->applied();
    return std::nullopt;
}

}  // namespace patchbay::gateway
