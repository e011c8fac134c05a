// The part of Plan that tells of attempts what `p2c-ewma` and `prefix-affinity` choose by.
#include <algorithm>
#include <array>

#include "engine/router/affinity.hpp"
#include "engine/router/p2c.hpp"
#include "engine/router/plan.hpp"

namespace patchbay {

namespace {

constexpr float kFailureShare = 0.2F;  ///< of an attempt in the share of those that failed

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

// A health check says how it ends itself, and is no load.
bool Plan::learns() const {
    return !ask_.check && patchbay::learns(strategy());
}

void Plan::begin_load(Running& run, const Now& now) {
    run.started = now.steady;
    run.waits = ask_.stream && !ask_.check && (learns() || group_->hedge);
    run.tokens = 0;
    if (run.waits || learns()) {
        GroupMemory& memory = *group_->memory;
        run.tokens = expected_tokens(memory.means, static_cast<std::int64_t>(ask_.prompt_tokens),
                                     ask_.answer_tokens);
        group_->table->load(lane_of(run)).begin(run.tokens, run.waits, now);
        memory.tokens.fetch_add(run.tokens, std::memory_order_relaxed);
    }
}

double Plan::usual_first_token() const {
    const auto tokens = static_cast<std::int64_t>(ask_.prompt_tokens);
    return static_cast<double>(group_->memory->means.first_token[prompt_class(tokens)].last());
}

double Plan::waited(const Running& run, const Now& now) const {
    return seconds(now.steady - run.started);
}

void Plan::say_first(Running& run, const Now& now) {
    if (!run.under_way || !run.waits) return;
    LaneLoad& lane = group_->table->load(lane_of(run));
    run.waits = false;
    lane.heard(now);
    const double took = waited(run, now);
    const double usual = usual_first_token();
    const double ratio = usual > 0 ? took / usual : 1;
    lane.slowness.add_peak(static_cast<float>(ratio), now.ns());
    GroupMeans& means = group_->memory->means;
    means.add(means.first_token[prompt_class(static_cast<std::int64_t>(ask_.prompt_tokens))], took,
              now);
    // The provider has read the prompt.
    if (ask_.keys && learns()) remember_home(*group_, run.place, *ask_.keys, now);
    if (!group_->hedge) return;
    group_->hedge->spreads[run.place]->add(ratio, now.ns());
    group_->hedge->hedges->spread.add(ratio, now.ns());
}

void Plan::learn_answer(const AttemptFacts& facts, const Now& now) {
    say_first(run_, now);  // a stream that ended before it said anything
    GroupMeans& means = group_->memory->means;
    LaneLoad& lane = group_->table->load(lane_of(run_));
    lane.failing.add_from_zero(0, kFailureShare, now.ns());
    if (facts.answer_tokens > 0) {
        // Of a whole answer nobody knows when it began: its tokens take all of its time.
        const auto first = ask_.stream ? facts.first_token : std::chrono::nanoseconds(0);
        const double rest = std::max(seconds(facts.duration - first), 0.0);
        const double each = rest / static_cast<double>(facts.answer_tokens);
        lane.per_token.add_peak(static_cast<float>(each), now.ns());
        means.add(means.per_token, each, now);
        means.add(means.answer, static_cast<double>(facts.answer_tokens), now);
    }
    const auto prompt = static_cast<double>(ask_.prompt_tokens);
    means.add(means.call, prompt + static_cast<double>(facts.answer_tokens), now);
    if (ask_.keys && !ask_.stream) remember_home(*group_, run_.place, *ask_.keys, now);
}

void Plan::learn_failure(const Running& run, Cause cause, const Now& now) {
    if (cause == Cause::ours || rule_of(cause).rests == Rests::never) return;
    LaneLoad& lane = group_->table->load(lane_of(run));
    lane.failing.add_from_zero(1, kFailureShare, now.ns());
    if (cause == Cause::timeout) learn_silence(run, now);
}

// So long it has said nothing at least, which is no news where it is known to be as slow.
void Plan::learn_silence(const Running& run, const Now& now) {
    const double usual = usual_first_token();
    if (!run.waits || usual <= 0) return;
    const auto ratio = static_cast<float>(waited(run, now) / usual);
    LaneLoad& lane = group_->table->load(lane_of(run));
    if (ratio > lane.slowness.get(now.ns(), 1)) lane.slowness.add_peak(ratio, now.ns());
}

}  // namespace patchbay
