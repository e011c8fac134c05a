#include "engine/call/run_call.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/access/model_access.hpp"
#include "engine/call/admit.hpp"
#include "engine/call/attempts.hpp"
#include "engine/call/book.hpp"
#include "engine/call/cached_answer.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/call/earlier_answer.hpp"
#include "engine/call/enforced_params.hpp"
#include "engine/call/failure.hpp"
#include "engine/call/health_check.hpp"
#include "engine/call/routing_facts.hpp"
#include "engine/call/set_guard.hpp"
#include "engine/call/settle.hpp"
#include "engine/call/several_models.hpp"
#include "engine/call/worst_case.hpp"
#include "engine/ledger/ledger_ring.hpp"
#include "engine/surface/openai/responses_tools.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

std::optional<Error> read(Call& call, const AskParts& parts) {
    constexpr std::size_t kMaxModelName = 1024;
    if (auto refused = call.surface.read(parts, call.ask)) return refused;
    if (call.ask.options.mock_failure != MockFailure::none &&
        !call.world->config.router.routing.allow_mock_testing) {
        return bad_request(
            "mock_testing_* parameters are not allowed here: "
            "router_settings.patchbay.allow_mock_testing is not set.",
            "mock_testing_fallbacks");
    }
    if (call.principal) {
        RequestOptions& options = call.ask.options;
        call.principal->defaults.fill_in(options);
        options.disable_fallbacks =
            call.principal->disable_fallbacks.value_or(options.disable_fallbacks);
    }
    if (call.ask.model.size() > kMaxModelName) {
        return bad_request("The model name is too long.", "model");
    }
    return check_enforced(call);
}

ModelRoute to_checked(const Call& call) {
    ModelRoute route{&call.check->group, {}, call.ask.model};
    route.model = call.check->model;
    return route;
}

// Whose models fallbacks must be among; nullptr: nobody's. Who may write keys must not open models by them.
const access::Principal* bound_of(const Call& call) {
    if (call.within || !call.principal) return nullptr;
    const bool bound = call.world->config.general.enforce_fallback_model_access ||
                       call.principal->defaults.gave_fallbacks(call.ask.options);
    return bound ? call.principal.get() : nullptr;
}

// Who asks for a model that nobody knows gets the first of the default fallbacks, as in LiteLLM.
Result<ModelRoute> stand_in(Call& call, const Error& unknown) {
    const auto& general = call.world->config.router.routing.fallbacks.general;
    const auto defaults = general.find("*");
    const bool any =
        unknown.status() == 400 && defaults != general.end() && !call.ask.options.disable_fallbacks;
    if (!any) return unknown;
    auto found = resolve_model(*call.world, defaults->second.front(), call.surface.route);
    if (!found) return unknown;
    const access::Principal* const bound = bound_of(call);
    if (bound && access::check_model(*bound, *found->group, found->requested)) return unknown;
    call.fallbacks = 1;
    return found;
}

std::optional<Error> find_route(Call& call, ModelRoute& route) {
    const Surface& surface = call.surface;
    use_alias(call);
    auto found = call.check ? to_checked(call)
                 : surface.operation->resource.empty()
                     ? resolve_model(*call.world, call.ask.model, surface.route)
                     : find_home(call);
    if (!found && !surface.operation->resource.empty()) return found.error();
    if (!found) found = stand_in(call, found.error());
    if (!found) return unknown_model(call, found.error());
    route = std::move(*found);
    const std::string_view asked =
        call.ask.model.empty() ? std::string_view(route.group->name) : call.ask.model;
    if (auto refused = wrong_use(route, *surface.operation, surface.hub, asked, surface.route)) {
        return refused;
    }
    call.group = route.group->name;
    return std::nullopt;
}

// Whether guardrails must see what they cannot read in the client's API.
bool must_translate(const Call& call) {
    return call.guard && call.surface.operation->words == Words::unreadable;
}

// Guardrails look at whole requests and answers. Rather no call than one that passes them by.
std::optional<Error> check_guardrails(const Call& call, const ModelGroup& group,
                                      const RouteAsk& ask) {
    const bool look = call.guard && call.guard->has(kPreCall | kDuringCall | kPostCall);
    const bool readable = !must_translate(call) || call.surface.hub;
    if ((readable || !look) && servers(group, ask).any()) return std::nullopt;
    return bad_request("Guardrails that apply to this model cannot look at " +
                       std::string(call.surface.operation->use) +
                       " calls: " + call.applied_guardrails + ".");
}

RouteAsk route_ask(Call& call) {
    const bool hub_only = must_translate(call) && call.surface.hub;
    RouteAsk ask;
    ask.native = hub_only ? nullptr : call.surface.operation;
    ask.hub = call.surface.hub;
    ask.openais_tools = ask.native == &kResponses && surface::has_openais_tools(call.ask.members());
    ask.options = &call.ask.options;
    ask.path = call.surface.route;
    if (call.ask.previous) ask.home = call.ask.previous->deployment;
    ask.region = region_of(call);
    ask.guardrails = call.applied_guardrails;
    const auto& own = call.ask.options.priority;
    ask.priority = own ? own : call.world->config.router.routing.default_priority;
    if (call.principal) {
        ask.key = call.principal->hash_text;
        ask.key_tags = call.principal->tags;
    }
    ask.bound = bound_of(call);
    ask.only_free = call.only_free;
    ask.size = call.ask.body.size();
    ask.stream = call.ask.scan.stream;
    ask.fallbacks = call.fallbacks;
    ask.names_group = !call.engine.ad_hoc;
    ask.check = call.check != nullptr;
    if (call.world->route_budgets->any() && !call.check) {
        call.route_grant.begin(size_of(call));
        ask.gate = &call.route_grant;
    }
    if (call.caller.header("x-patchbay-explain") == "1") ask.explain = &call.explained;
    return ask;
}

// Asks the guardrails that come before the provider; the request is then as they left it.
asio::awaitable<Failed> guard_request(Call& call) {
    const bool hub = must_translate(call);
    if (hub) {
        if (auto refused = translate(call)) co_return refused;
    }
    Ask& ask = hub ? *call.hub : call.ask;
    std::string changed;
    auto stopped = co_await call.guard->pre_call(ask.body, changed);
    if (!stopped && !changed.empty()) {
        call.request_changed = true;
        stopped = replace_body(ask, hub ? kMessagesForm : *call.surface.form, std::move(changed));
    }
    if (stopped) {
        clean(*stopped, call.world->secrets);
        co_return stopped;
    }
    if (call.guard->has(kDuringCall)) call.guard->start_during(ask.body);
    co_return std::nullopt;
}

/// What of the preparations a call's attempts need, which may last long.
struct Prepared {
    explicit Prepared(Call& call) : fallbacks(call) {}

    FallbackGrant fallbacks;
    std::unique_ptr<PrefixKeys> keys;
    std::optional<Plan> plan;  ///< nullopt: the cache had the answer, or nobody is asked
};

// A call that was read, until a provider is asked.
asio::awaitable<Failed> prepare(Call& call, const AskParts& parts, Answer& answer,
                                Prepared& prepared) {
    ModelRoute route;
    Failed failed;
    if (call.counted()) {
        name_parties(call);
        if (may_have_limits(call)) failed = co_await find_parties(call);
    }
    if (!failed) failed = find_route(call, route);
    if (!failed) failed = keep_to_region(call, route);
    if (!failed) failed = admit(call, route);
    if (!failed) failed = find_earlier(call, *route.group);
    // A check says the same each time, and what guards its deployment says nothing of whether that answers.
    if (!failed && call.surface.operation->words != Words::none && !call.check && !call.within) {
        failed = set_guard(call, *route.group);
    }
    if (failed) co_return failed;
    RouteAsk ask = route_ask(call);
    ask.turning = &prepared.fallbacks;
    failed = check_guardrails(call, *route.group, ask);
    if (failed) co_return failed;
    if (call.guard && answer.socket() == nullptr) failed = co_await guard_request(call);
    if (!failed) failed = CallCache::begin(call, route, parts);
    if (failed) co_return failed;
    if (call.cache) {
        auto entry = co_await call.cache->find(call, route);
        if (entry) co_return co_await tell_cached(call, route, std::move(entry), answer);
    }
    add_size(call, *route.group, ask, prepared.keys);
    prepared.plan.emplace(*call.world, std::move(route), ask, Draw(call.engine.random()));
    co_return failed;
}

}  // namespace

asio::awaitable<void> run_call(Call& call, const AskParts& parts, Answer& answer) {
    Failed failed = read(call, parts);
    if (!failed && names_several(call)) {
        co_await run_several(call, parts, answer);
        co_return;
    }
    if (!failed) {
        call.log = CallLog::make(call);
        const LedgerPlace place(call.engine.ledger);
        if (!place) failed = ledger_full();
        Prepared prepared(call);
        if (!failed) failed = co_await prepare(call, parts, answer, prepared);
        if (prepared.plan) failed = co_await run_attempts(call, *prepared.plan, answer);
    }
    settle(call, failed.get());
    if (call.cache) call.cache->end(call, !failed);
    co_await answer.finish(failed.get());
}

}  // namespace patchbay
