// The part of Plan that waits for a deployment which has its hands full.
//
// A call queues where everybody who could serve it has `max_parallel_requests` under way; and, with a
// `priority` or `router_settings.patchbay.queue`, where all that is in the way is over soon: rests, or
// the minute of a limit. Who waits goes before who comes; the deployment is chosen when its turn is
// there.
#include <algorithm>

#include "engine/router/plan.hpp"
#include "engine/router/rests.hpp"
#include "engine/router/routing_errors.hpp"

namespace patchbay {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

namespace {

// So often a call in the queue looks by itself: another gateway may have ended what is in its way.
constexpr milliseconds kLook{1'000};
constexpr milliseconds kLookUntold{10};  ///< without anybody to tell it
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kBytesOfToken = 4;
constexpr std::int64_t kLeastAnswer = 16;

// Is it for their budgets alone that none of them can be asked?
bool are_over_budgets(const RouteGate* gate, const ModelGroup& group, const LaneSet& set) {
    if (gate == nullptr) return false;
    bool all = true;
    set.for_each([&](std::size_t place) {
        const Deployment& deployment = *group.deployments[place];
        all = all && !deployment.budgets.empty() && !gate->refused(deployment).empty();
    });
    return all;
}

}  // namespace

nanoseconds Plan::queue_patience() const {
    const auto& own = ask_.stream && ask_.options->stream_timeout ? ask_.options->stream_timeout
                                                                  : ask_.options->timeout;
    return own ? std::min(*own, settings_.queue.timeout) : settings_.queue.timeout;
}

// Nobody can be asked now. Is that over within the patience, and may the call wait for it?
bool Plan::may_queue(bool only_slots, nanoseconds patience, const Now& now) const {
    if (route_.group->by_id) return false;
    if (only_slots) return true;
    if (ask_.check || (!ask_.priority && !settings_.queue.rates)) return false;
    const milliseconds rest = shortest_rest(now);
    if (rest.count() > 0 && rest <= patience) return true;
    LaneSet within = lanes_;
    keep_within_rates(*group_, settings_, now, need(), within);
    const milliseconds minute(kMinuteMs - now.unix_ms % kMinuteMs);
    return within.count() < lanes_.count() && minute <= patience;
}

// The first attempt at a level of a group.
Step Plan::try_group(const Now& now) {
    OpenLanes usable = open(lanes_, now, Breakers::any_at_worst);
    const bool any = usable.any();
    const bool others_wait = queue_of_group().waiting() > 0 && !route_.group->by_id && !ask_.check;
    if (any && others_wait) return {Step::Kind::queue};
    if (start(usable, now)) return {Step::Kind::start};
    const bool only_slots = !any && usable.missed_slots();
    if (may_queue(only_slots, queue_patience(), now)) return {Step::Kind::queue};
    return next_level(now);
}

Step Plan::queue(Gate::Turn* turn, const Now& now) {
    Gate::Entry entry;
    entry.priority = ask_.priority.value_or(Gate::kMedium);
    entry.key = ask_.key;
    entry.bytes = ask_.size;
    const auto prompt = ask_.prompt_tokens > 0
                            ? static_cast<std::int64_t>(ask_.prompt_tokens)
                            : static_cast<std::int64_t>(ask_.size) / kBytesOfToken;
    entry.tokens = prompt + std::max(ask_.answer_tokens, kLeastAnswer);
    entry.turn = turn;
    Gate::Bounds bounds;
    bounds.calls = static_cast<std::size_t>(settings_.queue.calls);
    if (trace_.on()) {
        trace_.say(route_.group->name, ": all are busy, waits with ",
                   std::to_string(queue_of_group().waiting()), " others");
    }
    if (const auto why = place_.enter(queue_of_group(), entry, bounds, now.steady)) {
        return shed(*why, now);
    }
    has_turn_ = turn != nullptr;
    queue_ends_ = now.steady + queue_patience();
    return try_queued(now);
}

Step Plan::try_queued(const Now& now) {
    if (const auto why = place_.shed()) return shed(*why, now);
    OpenLanes usable = open(lanes_, now, Breakers::any_at_worst);
    const bool any = usable.any();
    const bool only_slots = !any && usable.missed_slots();
    bool too_dear = false;
    if (!place_.may_try(now.steady)) {
        if (any) queue_of_group().freed();  // whose turn it is may be asleep
    } else if (any && start(usable, now)) {
        queued_ += place_.waited(now.steady);
        place_.leave_served(now.steady);
        // A rest that is over lets many in, and is told to nobody.
        if (open(lanes_, now, Breakers::any_at_worst).any()) queue_of_group().freed();
        if (trace_.on()) trace_.say("waited ", in_ms(queued_));
        return {Step::Kind::start};
    } else {
        const LaneSet dear = open(lanes_, now, Breakers::any_at_worst).settled();
        too_dear = any && are_over_budgets(ask_.gate, *route_.group, dear);
        // Where it could use whoever is free, there is nothing for the others either.
        place_.pass(any || lanes_.count() < group_->lanes.size());
    }
    if (now.steady >= queue_ends_) return shed(Shed::timeout, now);
    // Budgets are none of what a queue waits for.
    if (too_dear || (!any && !may_queue(only_slots, queue_ends_ - now.steady, now))) {
        queued_ += place_.waited(now.steady);
        place_.leave();
        return next_level(now);
    }
    auto at = std::min(queue_ends_, now.steady + (has_turn_ ? kLook : kLookUntold));
    const milliseconds rest = shortest_rest(now);
    if (rest.count() > 0) at = std::min(at, now.steady + rest);
    return {Step::Kind::wait, at};
}

// It is not, or no longer, in the queue; another level or group may still take it.
Step Plan::shed(Shed why, const Now& now) {
    if (place_.waits()) queued_ += place_.waited(now.steady);
    place_.leave_shed(why);
    trace_.say("shed: ", kShedNames[static_cast<std::size_t>(why)]);
    if (!error_) {
        error_ = shed_from_queue(route_.group->name, why, queue_patience(),
                                 queue_of_group().retry_after());
    }
    return next_level(now);
}

}  // namespace patchbay
