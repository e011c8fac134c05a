#include "engine/call/attempts.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <boost/asio/use_awaitable.hpp>

#include "contract/json/control_params.hpp"
#include "engine/at_once.hpp"
#include "engine/call/answer_sink.hpp"
#include "engine/call/attempt_log.hpp"
#include "engine/call/failure.hpp"
#include "engine/call/guarded_sink.hpp"
#include "engine/call/mirror.hpp"
#include "engine/call/queue_turn.hpp"
#include "engine/call/race.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

/// Tells the plan of the first word of its only attempt.
class ToldPlan final : public FirstWord {
  public:
    explicit ToldPlan(Plan& plan) : plan_(plan) {}
    void spoke() override { plan_.spoke(Now::read()); }

  private:
    Plan& plan_;
};

/// Tells the plan that its call was left while an attempt had said nothing: the coroutine is gone then.
class ToldLeft {
  public:
    explicit ToldLeft(Plan& plan) : plan_(plan) {}
    ~ToldLeft() {
        if (plan_.waits()) plan_.left(Now::read());
    }
    ToldLeft(const ToldLeft&) = delete;
    ToldLeft& operator=(const ToldLeft&) = delete;

  private:
    Plan& plan_;
};

asio::awaitable<Failed> run_single(Call& call, Plan& plan, Sink& sink, Answer& answer) {
    ToldPlan told(plan);
    call.upstream_headers.clear();
    const AttemptState state = AttemptState::of(call);
    auto failed = co_await run_attempt(call, plan.route(), state, sink,
                                       plan.waits() ? &told : nullptr, answer);
    call.usage.end(failed.get());
    if (!failed) log_attempt(call, state);
    co_return failed;
}

asio::awaitable<void> stop_when_blocked(Call& call) {
    co_await call.guard->during_blocks();
    call.stopped_by_guardrail = true;
}

/// The way out of a call, with or without guardrails.
class WayOut final : public RaceGoal {
  public:
    WayOut(AnswerSink& plain, std::unique_ptr<GuardedSink>& guarded)
        : plain_(plain), guarded_(guarded) {}
    Sink& sink() override { return guarded_ ? static_cast<Sink&>(*guarded_) : plain_; }
    void begin() override { guarded_ ? guarded_->begin() : plain_.begin(); }

  private:
    AnswerSink& plain_;
    std::unique_ptr<GuardedSink>& guarded_;
};

// With a second attempt beside it where the plan may want one. No coroutine, whose frame would last as long as a
// stream does.
asio::awaitable<Failed> run_plain_attempt(Call& call, Plan& plan, WayOut& out, Answer& answer) {
    if (plan.may_hedge() && plan.hedge_at(Now::read())) {
        return run_raced_attempt(call, plan, out, answer);
    }
    return run_single(call, plan, out.sink(), answer);
}

// The same, left as soon as the during_call guardrail that is looking blocks.
asio::awaitable<Failed> run_guarded_attempt(Call& call, Plan& plan, WayOut& out, Answer& answer) {
    auto first =
        co_await first_of(run_plain_attempt(call, plan, out, answer), stop_when_blocked(call));
    if (auto* failed = std::get_if<0>(&first)) co_return std::move(*failed);
    Failed blocked = co_await call.guard->during();
    // It was left in the middle, and what it has used until then is owed.
    call.usage.end(blocked.get());
    co_return blocked;
}

asio::awaitable<Failed> run_next_attempt(Call& call, Plan& plan, WayOut& out, Answer& answer) {
    const bool guarded = call.guard && call.guard->during_pending();
    return guarded ? run_guarded_attempt(call, plan, out, answer)
                   : run_plain_attempt(call, plan, out, answer);
}

// The attempt that the plan has chosen, for all that tell of the call.
void take_over(Call& call, const Plan& plan) {
    call.deployment = &plan.deployment();
    call.operation = &plan.operation();
    call.group = plan.route().group->name;
    call.attempts = plan.attempts();
    call.retries = plan.retries();
    call.max_retries = plan.max_retries();
    call.fallbacks = plan.fallbacks();
    call.queued = plan.queued();
}

// An answer of which the provider took the content out, where another model may be asked for it.
Error filtered_error() {
    Error error;
    error.cls = ErrorClass::content_policy;
    error.upstream_status = UsageAccount::kOk;
    error.message = "Response output was blocked.";
    return error;
}

AttemptFacts facts_of(const Call& call) {
    const UsageAccount::Attempt& attempt = call.usage.last();
    AttemptFacts facts;
    facts.duration = call.upstream_time();
    if (call.first_token != Call::Clock::time_point{}) {
        facts.first_token = call.first_token - attempt.started;
    }
    facts.tokens = attempt.usage.total;
    facts.answer_tokens = attempt.usage.completion;
    facts.cached_tokens = attempt.usage.cached;
    return facts;
}

// What is the gateway's in the hub's API may be the provider's in the client's: `metadata`.
bool has_control_param(std::span<const bay_member> members) {
    return std::any_of(members.begin(), members.end(), [](const bay_member& member) {
        return is_control_param({member.name.ptr, member.name.len});
    });
}

// `unpriced_models: refuse`: nothing is sent of which nobody could say what it costs.
std::optional<Error> check_priced(const Call& call) {
    const meter::Pricing& pricing = call.deployment->pricing;
    if (!call.world->config.litellm.prices.refuse_unpriced || pricing.card || pricing.free) {
        return std::nullopt;
    }
    const std::string_view model =
        call.deployment->is_pattern() ? std::string_view(call.ask.model) : call.deployment->model;
    const std::size_t slash = model.find('/');
    const bool prefixed = slash != model.npos && model.substr(0, slash) == pricing.provider;
    if (pricing.card_for(prefixed ? model.substr(slash + 1) : model, {})) return std::nullopt;
    Error error = bad_request(
        "The model has no price, and litellm_settings.unpriced_models is "
        "'refuse'.",
        "model");
    error.code = "model_unpriced";
    return error;
}

Failed check_attempt(Call& call) {
    if (call.ask.options.mocked && !call.deployment->simulated) {
        return bad_request("mock_* parameters are honoured by simulated models only.",
                           "mock_response");
    }
    if (auto refused = check_priced(call)) return refused;
    return call.translated() ? Failed(translate(call)) : Failed();
}

}  // namespace

std::optional<Error> translate(Call& call) {
    if (call.hub) return std::nullopt;
    const bool drop = call.ask.options.drop_params.value_or(call.world->config.litellm.drop_params);
    auto translation = call.surface.translate(call.ask, drop);
    if (!translation) return translation.error();
    call.translation = std::move(*translation);
    auto hub = std::make_unique<Ask>();
    hub->body = call.translation->json;
    auto scan = scan_request(hub->body, kMessagesForm);
    if (!scan) return scan.error();
    hub->scan = std::move(*scan);
    hub->options = call.ask.options;
    hub->options.any_control = has_control_param(hub->members());
    hub->model = call.ask.model;
    call.hub = std::move(hub);
    return std::nullopt;
}

asio::awaitable<Failed> run_attempts(Call& call, Plan& plan, Answer& answer) {
    AnswerSink plain(call, answer);
    std::unique_ptr<GuardedSink> guarded;  // of few calls
    WayOut out(plain, guarded);
    const ToldLeft told_left(plan);
    QueueTurn turn(call.engine.loop.io, plan);
    Step step = plan.begin(Now::read());
    while (step.kind != Step::Kind::fail) {
        if (step.kind == Step::Kind::queue) {
            step = plan.queue(turn.begin(), Now::read());
            continue;
        }
        if (step.kind == Step::Kind::wait) {
            co_await turn.until(step.at);
            step = plan.woke(Now::read());
            continue;
        }
        turn.forget();
        take_over(call, plan);
        if (Failed refused = check_attempt(call)) {
            plan.dropped();
            co_return refused;
        }
        if (call.attempts == 1) mirror(call);
        if (call.guard && !guarded) {
            guarded = std::make_unique<GuardedSink>(
                call, plain, call.translated() ? call.hub->body : call.ask.body);
        }
        out.begin();
        if (plan.watches_content()) plain.watch_filter();
        Failed failed = co_await run_next_attempt(call, plan, out, answer);
        if (plain.fault()) failed = plain.fault();
        if (!guarded || !guarded->stopped()) {
            count_for_trial(plan.chosen(), plan.deployment(), call.ask.options, failed);
        }
        if (!failed && guarded) {
            co_await guarded->end();
        } else if (!failed) {
            plain.end();
        }
        // What guardrails released last could not be told either.
        if (!failed) failed = plain.fault();
        if (Failed stopped = guarded ? guarded->stopped() : Failed()) {
            plan.dropped();
            clean(*stopped, call.world->secrets);
            co_return stopped;
        }
        if (!failed && plain.filtered() && !answer.committed()) failed = filtered_error();
        if (!failed) {
            plan.answered(facts_of(call), Now::at(call.usage.last().ended));
            co_return std::nullopt;
        }
        clean(*failed, call.world->secrets);
        log_attempt(call, AttemptState::of(call), &*failed);
        step = plan.failed(std::move(*failed), answer.committed(), Now::read());
        call.max_retries = plan.max_retries();
    }
    call.queued = plan.queued();
    co_return plan.take_error();
}

}  // namespace patchbay
