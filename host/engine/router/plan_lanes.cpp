// The part of Plan that looks at a group: who of it may be asked, and who is.
#include <algorithm>

#include "config/strategy_names.hpp"
#include "contract/text_hash.hpp"
#include "engine/lanes/lane_health.hpp"
#include "engine/plugins/instance.hpp"
#include "engine/router/plan.hpp"
#include "engine/router/rests.hpp"
#include "engine/router/routing_errors.hpp"
#include "engine/world/operation_limits.hpp"

namespace patchbay {

using std::chrono::milliseconds;

namespace {

std::uint32_t bits_of(const RouteAsk& ask) {
    return (ask.native ? ask.native->bit : 0) | (ask.hub ? ask.hub->bit : 0);
}

bool is_closed(const Instance& instance) {
    const Breaker& breaker = instance.stats().breaker;
    return breaker.closed() || breaker.available(Breaker::Clock::now());
}

}  // namespace

LaneSet servers(const ModelGroup& group, const RouteAsk& ask) {
    LaneSet set = group.tables->asked(bits_of(ask));
    const bool all = ask.home.empty() && ask.region.empty();
    for (std::size_t place = 0; !all && place < set.size(); ++place) {
        const Deployment& deployment = *group.deployments[place];
        const bool elsewhere = !ask.region.empty() && deployment.region != ask.region;
        const bool another = !ask.home.empty() && deployment.id != ask.home;
        if (elsewhere || another) set.reset(place);
    }
    return set;
}

const Operation* Plan::operation_of(const Deployment& deployment, std::size_t place) const {
    const std::string called =
        deployment.limits.empty() ? std::string() : route_.model_for(deployment);
    const auto speaks = [&](const Operation* operation) {
        return operation && (group_->operations[place] & operation->bit) != 0 &&
               may_ask(deployment, *operation, called);
    };
    const bool translates = ask_.openais_tools && !deployment.custom_tools && speaks(ask_.hub);
    if (!translates && speaks(ask_.native)) return ask_.native;
    return speaks(ask_.hub) ? ask_.hub : nullptr;
}

// The group and who of it can be asked at all; an Error if nobody can.
std::optional<Error> Plan::enter(ModelRoute route) {
    route_ = std::move(route);
    group_ = route_.group->tables.get();
    level_ = 0;
    retries_ = 0;
    kind_ = FallbackKind::general;
    candidates_ = servers(*route_.group, ask_);
    // A pattern's models may be others than those that its operations are for.
    (candidates_ & group_->limited).for_each([&](std::size_t place) {
        if (!operation_of(*route_.group->deployments[place], place)) candidates_.reset(place);
    });
    tried_ = again_ = LaneSet(group_->lanes.size());
    if (!route_.group->by_id && ask_.home.empty()) {
        explain_region();
        if (auto refused = filter()) return refused;
    }
    lanes_ = candidates_ & group_->levels[0];
    return std::nullopt;
}

// Do health checks count? Not where they leave nobody who takes calls: better to be refused by a provider than by a
// check.
bool Plan::checks_health(const Now& now) const {
    LaneTable& table = *group_->table;
    return table.sick().load(std::memory_order_relaxed) > 0 &&
           candidates_.any_that([&](std::size_t place) {
               const LaneIndex lane = group_->lanes[place];
               return is_healthy(table, lane, now) && awake(table, lane, now) != Awake::no;
           });
}

// Of `from`, who takes calls now. Without `probes` those that wait for one are none of them. Whose plugin's breaker is
// open takes none, but for Breakers::any_at_worst where nobody else is there: somebody has to say no.
OpenLanes Plan::open(LaneSet from, const Now& now, Breakers breakers, bool probes) const {
    LaneSet broken;
    for (const auto& [instance, of_it] : group_->by_instance) {
        if (is_closed(*instance)) continue;
        if (broken.size() == 0) broken = LaneSet(from.size());
        broken |= of_it;
    }
    const bool at_worst = breakers == Breakers::any_at_worst;
    const bool by_id = route_.group->by_id;
    OpenLanes open(*group_, settings_, now, std::move(from), !by_id && checks_health(now), probes,
                   need());
    if (by_id) open.take_all();
    if (!broken.any() || (by_id && at_worst)) return open;
    const LaneSet closed = open.set() - broken;
    if (!at_worst || closed.any_that([&](std::size_t place) { return open.is_up(place); })) {
        open.take_out(broken);
    }
    return open;
}

// Picks one and notes that an attempt is under way. False: nobody is left.
bool Plan::start(OpenLanes& usable, const Now& now) {
    if (!choose(run_, usable, now)) return false;
    if (attempts_ == 0) group_->memory->retries.called(now.ns());
    begin(run_, now);
    return true;
}

// Of deployment_affinity: the key, in this group.
std::uint64_t Plan::owner() const {
    if (!affinity().key || ask_.key.empty()) return 0;
    return hash_text(route_.group->name, hash_text(ask_.key)) | 1;
}

// Who cannot be asked after all is taken out of `usable`.
bool Plan::choose(Running& run, OpenLanes& usable, const Now& now) {
    LaneTable& table = *group_->table;
    std::string why;
    run.probe = false;
    while (usable.any()) {
        Choice choice{*group_, usable.set(), settings_, now, ask_.stream};
        if (!usable.is_settled()) choice.open = &usable;
        choice.prompt_tokens = static_cast<std::int64_t>(ask_.prompt_tokens);
        choice.answer_tokens = ask_.answer_tokens;
        choice.keys = ask_.keys;
        choice.owner = owner();
        if (trace_.on()) choice.why = &why;
        run.place = pick(choice, draw_);
        const LaneIndex lane = lane_of(run);
        run.probe =
            !route_.group->by_id && table.rest_until(lane).load(std::memory_order_relaxed) != 0;
        const bool awake_now =
            !run.probe || (awake(table, lane, now) == Awake::probe && take_probe(table, lane, now));
        if (awake_now && within_budgets(run)) break;
        if (awake_now && run.probe) give_back(table, lane);
        run.probe = false;
        why.clear();
        usable.take_out(run.place);
    }
    if (!usable.any()) return false;
    if (trace_.on()) explain_choice(run, usable.settled(), why, now);
    const Deployment& deployment = *route_.group->deployments[run.place];
    run.version = &deployment;
    run.operation = operation_of(deployment, run.place);
    if (deployment.trial) {
        const Deployment& version = deployment.version_for(draw_.uniform());
        if (const Operation* operation = operation_of(version, run.place)) {
            run.version = &version;
            run.operation = operation;
        }
    }
    return true;
}

void Plan::begin(Running& run, const Now& now) {
    LaneTable& table = *group_->table;
    table.in_flight(lane_of(run)).fetch_add(1, std::memory_order_relaxed);
    table.requests(lane_of(run)).add(now.minute(), 1);
    run.under_way = true;
    if (group_->token_limits && !ask_.check) {
        run.held = tokens_to_hold(*group_->token_limits, run.place, need(), now.minute());
        hold_tokens(table, lane_of(run), run.held);
    }
    begin_load(run, now);
    ++attempts_;
}

// Of the deployment that was picked.
bool Plan::within_budgets(const Running& run) {
    const Deployment& deployment = *route_.group->deployments[run.place];
    if (!ask_.gate || deployment.budgets.empty()) return true;
    return ask_.gate->take(deployment, route_.model_for(deployment), attempts_ + 1);
}

// Why budgets keep the call from those of the group that it might have gone to; empty: they do not. `unknown`: of some
// nobody can say now.
std::string Plan::over_budgets(bool& unknown) const {
    std::string why;
    if (!ask_.gate) return why;
    candidates_.for_each([&](std::size_t place) {
        const Deployment& deployment = *route_.group->deployments[place];
        const std::string one = deployment.budgets.empty() ? "" : ask_.gate->refused(deployment);
        if (one.empty() || why.find(one) != why.npos) return;
        unknown = unknown || ask_.gate->unknown(deployment);
        why += (why.empty() ? "" : "\n") + one;
    });
    return why;
}

// "g: 3 of 5 [b rests 500 ms, c tried] -> a (has its beginning)".
void Plan::explain_choice(const Running& run, const LaneSet& usable, std::string_view why,
                          const Now& now) {
    std::string others;
    candidates_.for_each([&](std::size_t place) {
        if (usable.test(place)) return;
        others += others.empty() ? " [" : ", ";
        others += route_.group->deployments[place]->id;
        const milliseconds rest = rest_left(*group_->table, group_->lanes[place], now);
        if (rest.count() > 0) {
            others += " rests " + in_ms(rest);
        } else if (tried_.test(place)) {
            others += " tried";
        } else if (!is_healthy(*group_->table, group_->lanes[place], now)) {
            others += " fails its health check";
        } else if (const Deployment& other = *route_.group->deployments[place];
                   ask_.gate && !other.budgets.empty() && !ask_.gate->refused(other).empty()) {
            others += " over its budget";
        } else {
            others += lanes_.test(place) ? " busy or over its limits" : " of another order";
        }
    });
    if (!others.empty()) others += "]";
    const std::string_view by = group_->own.strategy ? strategy_name(strategy()) : "";
    trace_.say(route_.group->name, ": ", std::to_string(usable.count()), " of ",
               std::to_string(group_->lanes.size()), by.empty() ? "" : " by ", by, others, " -> ",
               route_.group->deployments[run.place]->id, why.empty() ? "" : " (", why,
               why.empty() ? "" : ")", run.probe ? " (its probe)" : "");
}

// Is there somewhere else to go than to the lane that failed: one that does not rest, another
// level, a fallback? The last one that is awake is not sent to rest.
bool Plan::company(const Running& run, const Now& now) const {
    if (fallbacks_for(FallbackKind::general) != nullptr) return true;
    LaneTable& table = *group_->table;
    bool found = false;
    candidates_.for_each([&](std::size_t place) {
        const LaneIndex lane = group_->lanes[place];
        found = found || (lane != lane_of(run) && is_healthy(table, lane, now) &&
                          awake(table, lane, now) == Awake::yes);
    });
    return found;
}

milliseconds Plan::shortest_rest(const Now& now) const {
    milliseconds shortest{0};
    candidates_.for_each([&](std::size_t place) {
        const milliseconds rest = rest_left(*group_->table, group_->lanes[place], now);
        if (rest.count() > 0 && (shortest.count() == 0 || rest < shortest)) shortest = rest;
    });
    return shortest;
}

}  // namespace patchbay
