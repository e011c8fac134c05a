// The part of Plan that makes a second attempt beside one that says nothing.
//
// When: after the time that all but a few of the deployment's first tokens take for such a prompt,
// by what was measured in the last minute; not while the group has too few places, nor where the
// bucket of what may be spent is low for what this one costs. Where: at another deployment
// that neither rests nor has failed this call, by the group's strategy. Who says something first has
// the call. A hedge is no retry; if the first attempt fails, it is the retry.
#include <algorithm>

#include "engine/router/plan.hpp"
#include "engine/router/rests.hpp"

namespace patchbay {

namespace {

constexpr std::uint32_t kLeastSamples = 20;
constexpr double kQuantile = 0.95;
constexpr double kAnswerTokens = 32;  ///< that the one who loses is charged for, with its prompt

}  // namespace

// What is lost with a hedge: one prompt, and a few tokens until the other one has stopped.
double Plan::hedge_cost(std::size_t place) const {
    const TokenPrices& prices = group_->hedge->prices[place];
    return static_cast<double>(ask_.prompt_tokens) * prices.in + kAnswerTokens * prices.out;
}

bool Plan::may_hedge() const {
    return group_->hedge && ask_.hedge && run_.waits && !route_.group->by_id && hedges_ == 0;
}

std::optional<std::chrono::steady_clock::time_point> Plan::hedge_at(const Now& now) const {
    if (!may_hedge()) return std::nullopt;
    const HedgeTables& hedge = *group_->hedge;
    const double usual = usual_first_token();
    if (usual <= 0) return std::nullopt;
    double ratio = hedge.spreads[run_.place]->quantile_lately(kQuantile, kLeastSamples, now.ns());
    const double of_all = hedge.hedges->spread.quantile_lately(kQuantile, kLeastSamples, now.ns());
    if (ratio <= 0) ratio = of_all;
    if (ratio <= 0) return std::nullopt;
    // One that is slow as a whole is left as soon as the group's slowest are.
    if (of_all > 0) ratio = std::min(ratio, of_all);
    return run_.started + std::chrono::duration_cast<std::chrono::nanoseconds>(
                              std::chrono::duration<double>(usual * ratio));
}

// Who could be asked beside the first.
LaneSet Plan::others(const Now& now) const {
    LaneSet set = open(lanes_, now, Breakers::closed, false).settled();
    if (queue_of_group().waiting() > 0 || group_->hedge->hedges->crowded(now)) {
        return LaneSet(set.size());
    }
    // Where half of them take no calls the group has too little for what it must do.
    if (2 * set.count() < lanes_.count()) return LaneSet(set.size());
    set -= tried_;
    set.reset(run_.place);
    const double usual = usual_first_token();
    const LaneSet all = set;
    all.for_each([&](std::size_t place) {
        const LaneLoad& load = group_->table->load(group_->lanes[place]);
        if (static_cast<double>(load.silence(now)) > 2 * usual) set.reset(place);
    });
    return set;
}

bool Plan::hedge(const Now& now) {
    if (!run_.under_way || !run_.waits || beside_.under_way || hedges_ > 0) return false;
    OpenLanes usable(*group_, others(now));
    if (!choose(beside_, usable, now)) return false;
    if (!group_->hedge->hedges->take(hedge_cost(beside_.place))) {
        trace_.say("nothing for ", in_ms(now.steady - run_.started),
                   ": no second attempt, the group's share for them is used up");
        return false;
    }
    ++hedges_;
    begin(beside_, now);
    group_->table->load(lane_of(beside_)).seconds_begun.fetch_add(1, std::memory_order_relaxed);
    if (trace_.on()) {
        trace_.say("nothing for ", in_ms(now.steady - run_.started), ": asks ",
                   route_.group->deployments[beside_.place]->id, ", too");
    }
    return true;
}

void Plan::spoke(const Now& now, bool beside) {
    if (beside) {
        std::swap(run_, beside_);
        group_->table->load(lane_of(run_)).seconds_won.fetch_add(1, std::memory_order_relaxed);
        // What is lost is the first one's.
        group_->hedge->hedges->correct(hedge_cost(beside_.place) - hedge_cost(run_.place));
    }
    say_first(run_, now);
    if (!beside_.under_way) return;
    if (trace_.on()) trace_.say(chosen().id, " is first");
    lose_beside(now);
}

// Without what its silence tells, who is slow would be measured by its fast answers alone.
void Plan::lose_beside(const Now& now) {
    const double usual = usual_first_token();
    learn_silence(beside_, now);
    if (beside_.waits && usual > 0) {
        const double ratio = waited(beside_, now) / usual;
        group_->hedge->spreads[beside_.place]->add(ratio, now.ns());
        group_->hedge->hedges->spread.add(ratio, now.ns());
    }
    if (beside_.probe) give_back(*group_->table, lane_of(beside_));
    close(beside_);
}

void Plan::fell(const Error& error, bool beside, const Now& now) {
    if (!beside) std::swap(run_, beside_);
    tried_.set(beside_.place);
    note(beside_, cause_of(error), error, now);
    if (beside) return;
    ++retries_;
    group_->hedge->hedges->correct(-hedge_cost(run_.place));  // which is nothing that is lost now
}

void Plan::pay_for_hedges(const AttemptFacts& facts, const Now& now) {
    const TokenPrices& prices = group_->hedge->prices[run_.place];
    const auto prompt =
        static_cast<double>(facts.tokens - std::min(facts.answer_tokens, facts.tokens));
    const double cached = std::min(static_cast<double>(facts.cached_tokens), prompt);
    const double cost = (prompt - cached) * prices.in + cached * prices.cached +
                        static_cast<double>(facts.answer_tokens) * prices.out;
    group_->hedge->hedges->called(cost, group_->hedge->share, now);
}

}  // namespace patchbay
