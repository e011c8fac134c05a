#include "engine/call/admit.hpp"

#include <algorithm>

#include "contract/shape/text_size.hpp"
#include "engine/access/model_access.hpp"
#include "engine/access/refusals.hpp"
#include "engine/call/crossings.hpp"
#include "engine/call/worst_case.hpp"
#include "engine/coarse_clock.hpp"
#include "engine/surface/request_fallbacks.hpp"

namespace patchbay {

namespace {

using access::GrantAsk;

// What a call without max_tokens takes of a limit of tokens until it is over.
constexpr std::int64_t kExpectedTokens = 1024;

std::optional<Error> check_fallbacks(const Call& call) {
    const auto& fallbacks = call.ask.options.fallbacks;
    if (!fallbacks) return std::nullopt;
    const auto check = [&](const std::string& name) -> std::optional<Error> {
        const auto found = resolve_model(*call.world, name, call.surface.route);
        if (!found) return access::check_unknown_model(*call.principal, name);
        return access::check_model(*call.principal, *found->group, name);
    };
    for (const std::string& name : fallbacks->list) {
        if (auto refused = check(name)) return refused;
    }
    const FallbackSettings& groups = fallbacks->by_group;
    for (const FallbackMap* map :
         {&groups.general, &groups.context_window, &groups.content_policy}) {
        for (const auto& [group, names] : *map) {
            for (const std::string& name : names) {
                if (auto refused = check(name)) return refused;
            }
        }
    }
    return std::nullopt;
}

using Sources = boost::container::small_vector<std::shared_ptr<const access::Limits>, 2>;

Sources sources_of(const Call& call) {
    Sources sources;
    const Parties& parties = call.parties;
    if (call.principal) sources.push_back(call.principal);
    if (parties.limited_customer) sources.push_back(parties.limited_customer);
    sources.insert(sources.end(), parties.limited_tags.begin(), parties.limited_tags.end());
    return sources;
}

// LiteLLM does not count what was read from a provider's cache.
std::int64_t counted_tokens(const UsageAccount& account) {
    const auto of = [](const UsageAccount::Attempt& attempt) {
        const Usage& usage = attempt.usage;
        return static_cast<std::int64_t>(usage.total - std::min(usage.total, usage.cached));
    };
    std::int64_t tokens = of(account.last());
    for (const auto& attempt : account.earlier()) tokens += attempt.lost ? 0 : of(attempt);
    return tokens;
}

}  // namespace

void use_alias(Call& call) {
    if (!call.principal || call.within) return;
    const access::ModelAlias* const alias = call.principal->alias_of(call.ask.model);
    if (alias == nullptr) return;
    call.granted_by_team = alias->of_team;
    call.ask.model = alias->model;
}

Error unknown_model(const Call& call, Error unknown) {
    if (!call.principal) return unknown;
    auto denied = access::check_unknown_model(*call.principal, call.ask.model);
    return denied ? std::move(*denied) : std::move(unknown);
}

namespace {

GrantAsk grant_ask(const Call& call, const ModelRoute& route, std::string_view asked,
                   const Sources& sources) {
    GrantAsk ask;
    ask.model = {asked, access::model_name(*route.group)};
    ask.now = coarse_unix_us();
    ask.seconds = access::RateWindow::clock();
    const auto any = [&](bool (*has)(const access::Limits&)) {
        return std::any_of(sources.begin(), sources.end(),
                           [&](const auto& source) { return has(*source); });
    };
    const bool budget = any(access::has_budget);
    if (!budget && !any(access::has_token_limit)) return ask;
    const CallSize size = size_of(call);
    if (budget) ask.most = most_of(route, size);
    ask.free = budget && ask.most == 0 && costs_nothing(route);
    const std::int64_t output = std::min(size.output.value_or(kExpectedTokens), kExpectedTokens);
    const auto prompt =
        static_cast<std::int64_t>(estimated_tokens(static_cast<std::size_t>(size.prompt)));
    constexpr std::int64_t kMostTokens = 1'000'000'000;
    ask.tokens = static_cast<std::uint32_t>(std::min(prompt + output, kMostTokens));
    return ask;
}

// As the key, the customer and the tags say, each of which may be nobody.
std::optional<Error> admit_parties(Call& call, const ModelRoute& route) {
    if (call.within) return std::nullopt;
    const std::string_view asked =
        call.ask.model.empty() ? std::string_view(route.group->name) : call.ask.model;
    if (call.principal) {
        if (!call.granted_by_team) {
            if (auto refused = access::check_model(*call.principal, *route.group, asked))
                return refused;
        }
        if (auto refused = check_fallbacks(call)) return refused;
    }
    const Sources sources = sources_of(call);
    if (sources.empty()) return std::nullopt;
    const GrantAsk ask = grant_ask(call, route, asked, sources);
    auto refused = call.grant.take(sources, ask);
    call.only_free = call.only_free || call.grant.only_free();
    return refused;
}

}  // namespace

std::optional<Error> admit(Call& call, const ModelRoute& route) {
    std::optional<Error> refused;
    const bool spends = call.world->route_budgets->any() && !call.check;
    if (spends) refused = proxy_budget_exceeded(*route.group);
    if (refused && costs_nothing(route)) {
        refused.reset();
        call.only_free = true;
    }
    if (!refused) refused = admit_parties(call, route);
    if (refused && refused->type == access::kBudgetExceeded) {
        refused->http_status = call.world->config.litellm.budgets.exceeded_status;
    }
    return refused;
}

bool FallbackGrant::turn_to(const ModelRoute& route, std::string_view name) {
    return call_.grant.turn_to(grant_ask(call_, route, name, sources_of(call_)));
}

void settle_grant(Call& call) {
    const std::int64_t now = coarse_unix_us();
    call.route_grant.settle(call.usage, now);
    const auto crossings =
        call.grant.settle(call.bill.charge + call.asked_within, counted_tokens(call.usage), now,
                          access::RateWindow::clock());
    for (const access::Crossing& crossing : crossings) tell_crossing(call, crossing, now);
}

}  // namespace patchbay
