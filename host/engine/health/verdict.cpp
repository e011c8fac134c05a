#include "engine/health/verdict.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "config/health_settings.hpp"
#include "engine/call/health_question.hpp"
#include "engine/lanes/lane_health.hpp"
#include "engine/router/fallbacks.hpp"
#include "engine/router/rests.hpp"
#include "engine/world/group_maker.hpp"

namespace patchbay {

namespace {

// Does a failure mark the deployment, instead of being counted like that of a call?
bool marks(const Config& config) {
    return health_settings(config).routes() && !config.router.routing.allowed_fails_policy;
}

// As in LiteLLM: too many requests, and too slow.
bool is_transient(const Error& error) {
    const Cause cause = cause_of(error);
    return cause == Cause::rate_limit || cause == Cause::timeout;
}

// Is there somewhere else for its group's calls to go?
bool has_company(const Snapshot& world, const Deployment& deployment, const Now& now) {
    const RequestOptions none{};
    const FallbackLists lists(world.config.router.routing.fallbacks, none);
    if (lists.find(FallbackKind::general, deployment.group, deployment.group, true)) return true;
    const ModelGroup* const group = find_group(world, deployment.group);
    if (group == nullptr) return false;
    const LaneIndex own = deployment.lane->index();
    const auto& all = group->tables->lanes;
    return std::any_of(all.begin(), all.end(), [&](LaneIndex lane) {
        return lane != own && awake(*world.lanes, lane, now) == Awake::yes;
    });
}

void count_failure(const Snapshot& world, const Deployment& deployment, const Error& error,
                   const Now& now) {
    LaneFailure failure{cause_of(error), error.retry_after};
    failure.company = has_company(world, deployment, now);
    failure.may_rest = !deployment.is_pattern();
    failure.own = &deployment.allowed_fails;
    if (deployment.cooldown_time) failure.cooldown_ms = deployment.cooldown_time->count();
    const LaneIndex lane = deployment.lane->index();
    if (note_failure(*world.lanes, lane, failure, world.config.router.routing, now)) {
        spdlog::warn("deployment {} of {} rests for {} ms: its health check failed: {}",
                     deployment.id, deployment.group, rest_left(*world.lanes, lane, now).count(),
                     rule_of(failure.cause).name);
    }
}

}  // namespace

bool wants_check(const Config& config, const Deployment& deployment) {
    const HealthSettings& settings = health_settings(config);
    if (!settings.background || !health_or_none(deployment.health).in_background) return false;
    const auto& groups = settings.groups;
    if (groups && std::find(groups->begin(), groups->end(), deployment.group) == groups->end()) {
        return false;
    }
    return health_question(deployment).has_value();
}

void tell_routing(const Snapshot& world, const EndpointHealth& endpoint, const Now& now) {
    const HealthSettings& settings = health_settings(world.config);
    const Deployment& deployment = *endpoint.deployment;
    if (!settings.routes() || !endpoint.asked) return;
    LaneTable& table = *world.lanes;
    const LaneIndex lane = deployment.lane->index();
    if (!endpoint.failed) {
        set_healthy(table, lane);
        const bool probe = awake(table, lane, now) == Awake::probe && take_probe(table, lane, now);
        if (probe) note_good(table, lane, now, true);
        return;
    }
    if (rule_of(cause_of(*endpoint.failed)).rests == Rests::never) return;
    if (settings.routing.ignore_transient.value_or(false) && is_transient(*endpoint.failed)) return;
    if (!marks(world.config)) return count_failure(world, deployment, *endpoint.failed, now);
    set_sick(table, lane, now.ns() + std::chrono::nanoseconds(settings.staleness()).count());
}

void forget_verdicts(const Snapshot& world) {
    const bool kept = marks(world.config);
    for (const auto& deployment : world.deployments) {
        if (kept && wants_check(world.config, *deployment)) continue;
        set_healthy(*world.lanes, deployment->lane->index());
    }
}

}  // namespace patchbay
