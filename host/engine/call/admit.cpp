#include "engine/call/admit.hpp"

#include <algorithm>

#include "contract/shape/text_size.hpp"
#include "engine/access/model_access.hpp"
#include "engine/access/refusals.hpp"
#include "engine/call/call_size.hpp"
#include "engine/call/crossings.hpp"
#include "engine/call/worst_case.hpp"
#include "engine/coarse_clock.hpp"
#include "engine/router/trace.hpp"
#include "engine/surface/request_fallbacks.hpp"

namespace patchbay {

namespace {

using access::GrantAsk;

// What a call without max_tokens takes of a limit of tokens until it is over.
constexpr std::int64_t kExpectedTokens = 1024;

std::optional<Error> check_fallbacks(const Call& call) {
    const auto& fallbacks = call.ask.options.fallbacks;
    // Those of the key are passed over where it may not use them.
    if (!fallbacks || call.principal->defaults.gave_fallbacks(call.ask.options)) {
        return std::nullopt;
    }
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

// The call's size, which is found out where somebody asks.
class Sized {
  public:
    explicit Sized(const Call& call) : call_(call) {}
    const CallSize& get() {
        if (!size_) size_ = size_of(call_);
        return *size_;
    }

  private:
    const Call& call_;
    std::optional<CallSize> size_;
};

// What the call may use of limits of tokens, until it is over.
std::uint32_t expected_tokens(const CallSize& size) {
    constexpr std::int64_t kMostTokens = 1'000'000'000;
    const std::int64_t output = std::min(size.output.value_or(kExpectedTokens), kExpectedTokens);
    const auto prompt =
        static_cast<std::int64_t>(estimated_tokens(static_cast<std::size_t>(size.prompt)));
    return static_cast<std::uint32_t>(std::min(prompt + output, kMostTokens));
}

GrantAsk grant_ask(const ModelRoute& route, std::string_view asked, const Sources& sources,
                   Sized& sized) {
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
    if (budget) ask.most = most_of(route, sized.get());
    ask.free = budget && ask.most == 0 && costs_nothing(route);
    ask.tokens = expected_tokens(sized.get());
    return ask;
}

// As the key, the customer and the tags say, each of which may be nobody.
std::optional<Error> admit_parties(Call& call, const ModelRoute& route, Sized& sized) {
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
    const GrantAsk ask = grant_ask(route, asked, sources, sized);
    auto refused = call.grant.take(sources, ask);
    call.only_free = call.only_free || call.grant.only_free();
    return refused;
}

// As the model's capacity lets it, whoever calls. On an Error what its parties have let in is given back, too.
std::optional<Error> admit_capacity(Call& call, const ModelRoute& route, Sized& sized) {
    const GroupCapacity* const capacity = route.group->capacity.get();
    if (!capacity || call.within || call.check) return std::nullopt;
    CapacityAsk ask;
    ask.now = access::RateWindow::clock();
    if (call.principal) ask.priority = call.principal->priority;
    if (capacity->whole->tpm != Capacity::kNone) ask.tokens = expected_tokens(sized.get());
    auto refused = call.capacity.take(*capacity, ask);
    if (!refused) return std::nullopt;
    call.grant.give_back(coarse_unix_us(), ask.now);
    if (call.caller.header("x-patchbay-explain") == "1") {
        Trace(&call.explained).say(explained(call.capacity, ask.now));
    }
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
    Sized sized(call);
    if (!refused) refused = admit_parties(call, route, sized);
    if (!refused) refused = admit_capacity(call, route, sized);
    if (refused && refused->type == access::kBudgetExceeded) {
        refused->http_status = call.world->config.litellm.budgets.exceeded_status;
    }
    return refused;
}

bool FallbackGrant::turn_to(const ModelRoute& route, std::string_view name) {
    Sized sized(call_);
    return call_.grant.turn_to(grant_ask(route, name, sources_of(call_), sized));
}

void settle_grant(Call& call) {
    const std::int64_t now = coarse_unix_us(), tokens = counted_tokens(call.usage);
    const std::uint32_t seconds = access::RateWindow::clock();
    call.route_grant.settle(call.usage, now);
    call.capacity.settle(tokens, seconds);
    const auto crossings =
        call.grant.settle(call.bill.charge + call.asked_within, tokens, now, seconds);
    for (const access::Crossing& crossing : crossings) tell_crossing(call, crossing, now);
}

}  // namespace patchbay
