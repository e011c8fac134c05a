#include "engine/router/plan.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "engine/router/affinity.hpp"
#include "engine/router/rests.hpp"
#include "engine/router/routing_errors.hpp"

namespace patchbay {

using std::chrono::milliseconds;

namespace {

// A retry waits so long for a lane that rests.
constexpr milliseconds kMostPatience{60'000};
constexpr milliseconds kProbeWait{50};

Error mock_error(MockFailure failure, std::string_view group) {
    Error error;
    error.http_status = 500;
    error.cls = ErrorClass::upstream;
    if (failure == MockFailure::context_window) error.cls = ErrorClass::context_length;
    if (failure == MockFailure::content_policy) error.cls = ErrorClass::content_policy;
    if (failure == MockFailure::rate_limit) error.cls = ErrorClass::rate_limit;
    if (failure != MockFailure::fallbacks) error.http_status = 0;
    error.message =
        "This is a mock exception for model=" + std::string(group) + ", to trigger a fallback.";
    return error;
}

}  // namespace

Plan::Plan(const Snapshot& world, ModelRoute route, const RouteAsk& ask, Draw draw)
    : world_(world),
      settings_(world.config.router.routing),
      ask_(ask),
      lists_(settings_.fallbacks, *ask.options),
      draw_(draw),
      trace_(ask.explain),
      route_(std::move(route)),
      fallbacks_(ask.fallbacks) {}

Plan::~Plan() {
    dropped();
}

void Plan::dropped() {
    if (beside_.under_way) close(beside_);
    if (!run_.under_way) return;
    if (run_.probe) give_back(*group_->table, lane_of(run_));
    close(run_);
}

void Plan::left(const Now& now) {
    for (Running* run : {&run_, &beside_}) {
        if (run->under_way) learn_silence(*run, now);
    }
    dropped();
}

void Plan::close(Running& run) {
    LaneTable& table = *group_->table;
    const LaneIndex lane = lane_of(run);
    table.in_flight(lane).fetch_sub(1, std::memory_order_relaxed);
    if (run.tokens > 0) {
        table.load(lane).end(run.tokens);
        group_->memory->tokens.fetch_sub(run.tokens, std::memory_order_relaxed);
    }
    if (run.waits) table.load(lane).left();
    if (group_->token_limits) {
        free_tokens(table, lane, run.held);
        run.held = {};
    }
    run.under_way = run.probe = run.waits = false;
    run.tokens = 0;
    queue_of_group().freed();
    for (const auto& other : group_->kin) other->gate.freed();
}

Step Plan::begin(const Now& now) {
    visited_.push_back(route_.called());
    if (auto refused = enter(std::move(route_))) {
        kind_ = rule_of(cause_of(*refused)).fallback;
        // What no deployment of the group can do another group may; tags are of the caller.
        const bool elsewhere = refused->cls != ErrorClass::authentication;
        error_ = std::move(refused);
        return elsewhere ? leave_group(now) : Step{};
    }
    if (ask_.options->mock_failure != MockFailure::none) return mock(now);
    return try_group(now);
}

Step Plan::mock(const Now& now) {
    const MockFailure failure = ask_.options->mock_failure;
    const Error error = mock_error(failure, route_.group->name);
    const FailureRule& rule = rule_of(cause_of(error));
    const Deployment& one = *route_.group->deployments.front();
    if (failure == MockFailure::rate_limit) {
        const RetryRight right = right_after(error, rule, one);
        max_retries_ = right.most;
        if (right.most > 0) {
            ++retries_;  // the first attempt was refused
            return try_group(now);
        }
    }
    kind_ = rule.fallback;
    error_ = for_client(error, one, told_group(), 0, 0, fallbacks_for(kind_));
    return leave_group(now);
}

Step Plan::woke(const Now& now) {
    if (place_.waits()) return try_queued(now);
    if (!waits_to_retry_) return try_group(now);
    OpenLanes again = open(again_, now, Breakers::any_at_worst);
    if (start(again, now)) {
        waits_to_retry_ = false;
        patience_.reset();
        return {Step::Kind::start};
    }
    if (patience_ && now.steady < *patience_) {
        const milliseconds rest = std::max(shortest_rest(now), kProbeWait);
        return {Step::Kind::wait, now.steady + std::min(rest, milliseconds(1'000))};
    }
    waits_to_retry_ = false;
    patience_.reset();
    return next_level(now);
}

// Of an attempt of which the provider does not say how many it used, what it held stays counted.
void Plan::count_tokens(const AttemptFacts& facts, const Now& now) {
    if (facts.tokens > 0) {
        const auto most = static_cast<std::uint64_t>(GroupTables::kNoLimit - 1);
        group_->table->tokens(lane_of(run_))
            .add(now.minute(), static_cast<std::uint32_t>(std::min(facts.tokens, most)));
    }
    if (!group_->token_limits) return;
    if (facts.tokens > 0) {
        const std::uint64_t prompt = facts.tokens - std::min(facts.answer_tokens, facts.tokens);
        const std::uint64_t read = prompt - std::min(facts.cached_tokens, prompt);
        settle_tokens(*group_, run_.place, run_.held, {read, facts.answer_tokens}, now.minute());
    }
    run_.held = {};
}

void Plan::answered(const AttemptFacts& facts, const Now& now) {
    LaneTable& table = *group_->table;
    const LaneIndex lane = lane_of(run_);
    if (!ask_.check) note_good(table, lane, now, run_.probe);
    if (run_.probe) {
        spdlog::info("deployment {} of {} answers again", chosen().id, route_.group->name);
    }
    const auto seconds = [](std::chrono::nanoseconds d) {
        return std::chrono::duration<float>(d).count();
    };
    count_tokens(facts, now);
    if (strategy() == Strategy::latency_based && !ask_.check) {
        const auto answer = static_cast<float>(std::max<std::uint64_t>(facts.answer_tokens, 1));
        table.add_latency(lane, seconds(facts.duration) / answer, now.ns());
        if (facts.first_token.count() > 0) {
            table.add_first_token(lane, seconds(facts.first_token), now.ns());
        }
    }
    if (learns()) learn_answer(facts, now);
    if (group_->hedge && !ask_.check) pay_for_hedges(facts, now);
    if (affinity().any() && !ask_.check) {
        keep_home(*group_, run_.place, settings_, ask_.keys, owner(), now);
    }
    close(run_);
}

void Plan::note(Running& run, Cause cause, const Error& error, const Now& now) {
    LaneTable& table = *group_->table;
    const LaneIndex lane = lane_of(run);
    const RequestOptions& options = *ask_.options;
    const bool short_time =
        cause == Cause::timeout && (options.timeout.has_value() || options.stream_timeout);
    LaneFailure failure{cause, error.retry_after};
    failure.probe = run.probe;
    failure.cooldown_ms = group_->cooldown_ms[run.place];
    failure.own = &route_.group->deployments[run.place]->allowed_fails;
    // Where the call names something at this deployment, it may be that which is not there.
    const bool names_something = cause == Cause::not_found && !ask_.home.empty();
    failure.may_rest =
        group_->rests.test(run.place) && !short_time && !names_something && !ask_.check;
    failure.company = company(run, now);
    const bool rested = note_failure(table, lane, failure, settings_, now);
    if (rested) {
        spdlog::warn("deployment {} of {} rests for {}: {}",
                     route_.group->deployments[run.place]->id, route_.group->name,
                     in_ms(rest_left(table, lane, now)), rule_of(cause).name);
    }
    if (trace_.on()) {
        trace_.say("failed: ", rule_of(cause).name, " ", std::to_string(error.status()),
                   rested ? ", rests " + in_ms(rest_left(table, lane, now)) : std::string());
    }
    // What is the client's fault was an answer all the same, which ends a rest.
    if (!rested && run.probe && cause != Cause::ours && rule_of(cause).rests == Rests::never &&
        cause != Cause::plugin) {
        note_good(table, lane, now, true);
    }
    if (cause == Cause::timeout && strategy() == Strategy::latency_based && !ask_.check) {
        constexpr float kTimeout = 1000;  // LiteLLM's seconds for it
        table.add_latency(lane, kTimeout, now.ns());
    }
    if (learns()) learn_failure(run, cause, now);
    if (group_->hedge && cause == Cause::rate_limit) group_->hedge->hedges->refused(now);
    close(run);
}

// Policies are of the name that was asked for, else of its group.
RetryRight Plan::right_after(const Error& error, const FailureRule& rule,
                             const Deployment& deployment) const {
    const bool own = group_policies(*ask_.options, settings_).contains(route_.requested);
    const std::string_view group = own ? route_.requested : route_.group->name;
    return retry_right(error, rule, group, *ask_.options, deployment, world_.config);
}

Step Plan::failed(Error error, bool committed, const Now& now) {
    const Cause cause = cause_of(error);
    const FailureRule& rule = rule_of(cause);
    const RetryRight right = right_after(error, rule, deployment());
    note(run_, cause, error, now);
    max_retries_ = right.most;
    tried_.set(run_.place);
    if (right.again) again_.set(run_.place);
    if (!committed && cause != Cause::ours) {
        const Step step = try_again(error, right, rule, now);
        if (step.kind != Step::Kind::fail) return step;
    }
    const auto* list = fallbacks_for(rule.fallback);
    if (!error_) {
        error_ =
            for_client(std::move(error), deployment(), told_group(), retries_, right.most, list);
    } else {
        error_->message += "\nError doing the fallback: " + error.message;
    }
    if (committed || cause == Cause::ours) return {};
    kind_ = rule.fallback;
    return rule.other ? next_level(now) : leave_group(now);
}

Step Plan::try_again(const Error& error, const RetryRight& right, const FailureRule& rule,
                     const Now& now) {
    if (retries_ >= right.most) return {};
    LaneSet untried = lanes_ - tried_;
    if (rule.cause == Cause::context_length) {
        const std::int64_t failed = group_->max_input[run_.place];
        LaneSet larger(untried.size());
        untried.for_each([&](std::size_t place) {
            if (failed > 0 && group_->max_input[place] > failed) larger.set(place);
        });
        untried = larger;
    }
    OpenLanes left = open(std::move(untried), now, Breakers::closed);
    if (right.other && left.any()) {
        if (rule.other_pays && !group_->memory->retries.take(now.ns())) {
            trace_.say("no retry: the group's budget is used up");
            return {};
        }
        ++retries_;
        return start(left, now) ? Step{Step::Kind::start} : Step{};
    }
    if (!right.again || left.any() || !group_->memory->retries.take(now.ns())) return {};
    // All were tried: those that may be asked again are, after a wait.
    const bool any_awake = open(again_, now, Breakers::closed).any();
    milliseconds wait =
        retry_delay(error.retry_after, retries_, world_.config.router.retry_after, draw_.uniform());
    if (!any_awake) {
        const milliseconds rest = shortest_rest(now);
        const bool elsewhere = level_ + 1 < group_->levels.size() || fallbacks_for(rule.fallback);
        if (elsewhere || rest > kMostPatience || rest.count() == 0) return {};
        wait = std::max(wait, rest);
    }
    ++retries_;
    if (trace_.on()) trace_.say("all were tried: waits ", in_ms(wait));
    waits_to_retry_ = true;
    patience_ = now.steady + kMostPatience;
    return {Step::Kind::wait, now.steady + wait};
}

}  // namespace patchbay
