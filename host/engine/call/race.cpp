#include "engine/call/race.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/at_once.hpp"
#include "engine/call/answer_sink.hpp"
#include "engine/call/attempt.hpp"
#include "engine/call/attempt_log.hpp"
#include "engine/call/attempts.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/call/failure.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

using asio::steady_timer;

// What an attempt came to, beside the timer that ends it when it has lost. Without that it ends only
// because the call is left.
template <class Ended>
Failed result_of(Ended ended) {
    if (ended.index() == 0) return std::move(std::get<0>(ended));
    throw boost::system::system_error(asio::error::operation_aborted);
}

class Race;

/// One of the two: what is its own, and its way to the answer, which is closed until it has won.
class Racer final : public Sink, public FirstWord {
  public:
    Racer(Race& race, bool beside, asio::io_context& io)
        : over(io, steady_timer::time_point::max()), race_(race), beside_(beside) {}

    void result(std::string_view json, const AnswerFacts& facts) override;
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override;
    bool takes_bytes() const override { return false; }  // a stream of events
    void upstream_head(int status, std::span<const http::Header> headers) override;
    void usage(const Usage&) override {}  // AttemptSink has taken it
    asio::awaitable<bool> flush() override;
    bool dirty() const override;
    void spoke() override;

    /// It has the call: what was held goes on.
    void open();

    // Of the one beside the first; the first's are the call's own.
    AttemptState state{};
    UsageAccount account;
    std::vector<std::string> left_out;
    std::string upstream_model;
    UpstreamHeaders headers;

    AttemptSink* metered = nullptr;  ///< while it runs
    steady_timer over;               ///< cancelled: it has lost, or needs not begin
    bool running = false;
    bool lost = false;
    Failed failed;

  private:
    struct Held {
        std::string event;
        std::string json;
        AnswerFacts facts;
    };
    Race& race_;
    const bool beside_;
    bool open_ = false;
    std::size_t size_ = 0;
    std::vector<Held> held_;
};

class Race {
  public:
    Race(Call& c, Plan& p, RaceGoal& g, Answer& a)
        : call(c),
          plan(p),
          answer(a),
          first(*this, false, c.engine.loop.io),
          second(*this, true, c.engine.loop.io),
          goal_(g) {
        if (call.cache && call.cache->records()) recording_.emplace(*call.cache, goal_.sink());
    }

    // A client that has gone leaves both: what the second one used is the call's all the same.
    ~Race() { call.usage.add_lost(second.account); }
    Race(const Race&) = delete;
    Race& operator=(const Race&) = delete;

    asio::awaitable<Failed> run() {
        co_await both_of(run_first(), run_second());
        co_return std::move(second_has_it_ ? second.failed : first.failed);
    }

    // The first word of one of them.
    void decide(bool beside) {
        if (decided_) return;
        decided_ = true;
        Racer& winner = beside ? second : first;
        Racer& loser = beside ? first : second;
        plan.spoke(Now::read(), beside && !second_has_it_);
        loser.lost = loser.running;
        if (loser.metered) loser.metered->mute();
        if (loser.running && !beside) call.usage.add_lost(second.account);
        if (beside && !second_has_it_) take_over();
        loser.over.cancel();
        winner.open();
    }

    Call& call;
    Plan& plan;
    Sink& sink() { return recording_ ? static_cast<Sink&>(*recording_) : goal_.sink(); }
    Answer& answer;
    Racer first;
    Racer second;

  private:
    // The second one is the call's attempt from here on.
    void take_over() {
        second_has_it_ = true;
        call.usage.overtaken_by(second.account);
        call.left_out = std::move(second.left_out);
        call.upstream_model = std::move(second.upstream_model);
        call.upstream_headers = std::move(second.headers);
        call.deployment = second.state.deployment;
        call.operation = second.state.operation;
        second.state = AttemptState::of(call);
        second.state.recorded = true;
        goal_.begin();
        if (recording_) call.cache->restart();
        if (second.metered) second.metered->tell(call.usage, call.left_out);
        tell_call();
    }
    void tell_call() {
        call.attempts = plan.attempts();
        call.retries = plan.retries();
    }

    asio::awaitable<void> run_first() {
        call.upstream_headers.clear();
        first.state = AttemptState::of(call);
        first.state.recorded = true;
        const AttemptState state = first.state;
        first.running = true;
        auto ended = co_await first_of(
            run_attempt(call, plan.route(), state, first, &first, answer, &first.metered),
            first.over.async_wait(asio::as_tuple(asio::use_awaitable)));
        first.running = false;
        if (first.lost) co_return;
        first.failed = result_of(std::move(ended));
        call.usage.end(first.failed.get());
        if (!first.failed) {
            if (!decided_) decide(false);
            log_attempt(call, state);
        } else if (second.running && !decided_) {
            clean(*first.failed, call.world->secrets);
            log_attempt(call, state, &*first.failed);
            count_for_trial(plan.chosen(), plan.deployment(), call.ask.options, first.failed);
            plan.fell(*first.failed, false, Now::read());
            take_over();
        } else {
            over_ = true;
            second.over.cancel();
        }
    }

    // False: the first has said something, has ended or was left.
    asio::awaitable<bool> wait_for_second() {
        auto at = plan.hedge_at(Now::read());
        while (at && !decided_ && !over_) {
            second.over.expires_at(*at);
            co_await second.over.async_wait(asio::as_tuple(asio::use_awaitable));
            const auto left = co_await asio::this_coro::cancellation_state;
            if (decided_ || over_ || left.cancelled() != asio::cancellation_type::none) break;
            const Now now = Now::read();
            if (plan.hedge(now)) co_return true;
            at = plan.hedge_again(now);
        }
        co_return false;
    }

    asio::awaitable<void> run_second() {
        const bool begun = co_await wait_for_second();
        if (!begun) co_return;
        second.over.expires_at(steady_timer::time_point::max());
        second.state = {&plan.beside(),
                        &plan.beside_operation(),
                        plan.attempts(),
                        &second.account,
                        &second.left_out,
                        &second.upstream_model,
                        true};
        tell_call();
        if (auto refused = second.state.translated(call) ? translate(call) : std::nullopt) {
            plan.fell(*refused, true, Now::read());
            co_return;
        }
        const AttemptState state = second.state;
        second.running = true;
        auto ended = co_await first_of(
            run_attempt(call, plan.route(), state, second, &second, answer, &second.metered),
            second.over.async_wait(asio::as_tuple(asio::use_awaitable)));
        second.running = false;
        if (second.lost) co_return;
        second.failed = result_of(std::move(ended));
        if (!second.failed && !decided_) decide(true);
        if (second_has_it_) {
            call.usage.end(second.failed.get());
            if (!second.failed) log_attempt(call, second.state);
            co_return;
        }
        second.account.end(&*second.failed);
        clean(*second.failed, call.world->secrets);
        log_attempt(call, second.state, &*second.failed);
        plan.fell(*second.failed, true, Now::read());
        call.usage.add_lost(second.account);
    }

    RaceGoal& goal_;
    std::optional<RecordingSink> recording_;
    bool decided_ = false;
    bool over_ = false;           ///< the first has ended without another beside it
    bool second_has_it_ = false;  ///< the call's attempt is the second one
};

void Racer::open() {
    open_ = true;
    for (const Held& held : std::exchange(held_, {})) {
        race_.sink().chunk(held.event, held.json, held.facts);
    }
}

void Racer::spoke() {
    race_.decide(beside_);
}

void Racer::result(std::string_view json, const AnswerFacts& facts) {
    if (lost) return;
    if (!open_) spoke();
    race_.sink().result(json, facts);
}

void Racer::chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) {
    if (lost) return;
    size_ += json.size();
    if (!open_ && size_ > AnswerSink::kMostHeld) spoke();
    if (open_) return race_.sink().chunk(event, json, facts);
    held_.push_back({std::string(event), std::string(json), facts});
}

void Racer::upstream_head(int, std::span<const http::Header> given) {
    if (lost) return;
    const bool calls_own = state.usage == &race_.call.usage;
    (calls_own ? race_.call.upstream_headers : headers).take(given, race_.call.world->secrets);
}

asio::awaitable<bool> Racer::flush() {
    if (!open_) co_return true;
    co_return co_await race_.sink().flush();
}

bool Racer::dirty() const {
    return open_ && race_.sink().dirty();
}

}  // namespace

asio::awaitable<Failed> run_raced_attempt(Call& call, Plan& plan, RaceGoal& goal, Answer& answer) {
    Race race(call, plan, goal, answer);
    co_return co_await race.run();
}

}  // namespace patchbay
