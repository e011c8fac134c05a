#include "route_sim/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <queue>

#include "contract/text_hash.hpp"
#include "engine/router/plan.hpp"
#include "engine/router/strategies.hpp"
#include "route_sim/world.hpp"

namespace patchbay::sim {

namespace {

constexpr double kTimeout = 30;  ///< seconds until a stream that says nothing is given up
constexpr double kInTime = 10;   ///< seconds: a first token that comes later is not in time
constexpr std::int64_t kBegin = 1'000'000'000'000;  ///< ns of the steady clock at second 0
constexpr std::int64_t kUnixMs = 1'800'000'000'000;

/// An attempt under way.
struct Attempt {
    bool live = false;
    std::size_t lane = 0;
    double started = 0;
    Outcome outcome;
};

struct Running {
    std::unique_ptr<Plan> plan;
    PrefixKeys keys;  ///< as the gateway sees them
    Attempt first;
    Attempt beside;
    bool spoke = false;
    double first_token = 0;
};

struct Event {
    enum class Kind : std::uint8_t { call, word, end, wake, hedge, world };
    double at;
    std::uint64_t number;  ///< of two at one time the one that was made first goes first
    Kind kind;
    std::size_t which;      ///< a call, or an event of the world
    std::uint64_t attempt;  ///< of the call, to know events of one that is over
    bool operator<(const Event& other) const {
        return at != other.at ? at > other.at : number > other.number;
    }
};

class Simulation {
  public:
    Simulation(const Scenario& scenario, const std::vector<SimCall>& calls,
               const Contender& contender, double seconds, std::uint64_t seed)
        : scenario_(scenario),
          calls_(calls),
          contender_(contender),
          seed_(seed),
          world_(scenario, contender),
          running_(calls.size()) {
        for (std::size_t i = 0; i < scenario.lanes.size(); ++i) {
            const LaneSpec& spec = scenario.lanes[i];
            models_.emplace_back(spec.shape, text_hash::mix(seed + 3, i + text_hash::kA));
            for (const auto& [prompt, sample] : spec.samples) models_[i].add_sample(prompt, sample);
            served_.push_back(!spec.later);
        }
        for (std::size_t i = 0; i < scenario.events.size(); ++i) {
            push(second_of(scenario.events[i].at, seconds), Event::Kind::world, i);
        }
        if (!calls.empty()) push(calls.front().at, Event::Kind::call, 0);
    }

    Score run() {
        while (!events_.empty()) {
            const Event event = events_.top();
            events_.pop();
            time_ = event.at;
            handle(event);
        }
        return score();
    }

  private:
    void push(double at, Event::Kind kind, std::size_t which, std::uint64_t attempt = 0) {
        if (std::isfinite(at)) events_.push({at, ++number_, kind, which, attempt});
    }
    Now now() const {
        const auto ns = static_cast<std::int64_t>(time_ * 1e9);
        return {std::chrono::steady_clock::time_point(std::chrono::nanoseconds(kBegin + ns)),
                kUnixMs + ns / 1'000'000};
    }
    double second(std::chrono::steady_clock::time_point at) const {
        // A nanosecond later: what was to come has come then.
        return static_cast<double>(at.time_since_epoch().count() - kBegin + 1) * 1e-9;
    }

    void handle(const Event& event) {
        switch (event.kind) {
            case Event::Kind::world:
                return happen(scenario_.events[event.which]);
            case Event::Kind::call:
                if (event.which + 1 < calls_.size()) {
                    push(calls_[event.which + 1].at, Event::Kind::call, event.which + 1);
                }
                return begin(event.which);
            case Event::Kind::wake:
                return follow(event.which, running_[event.which].plan->woke(now()));
            case Event::Kind::hedge:
                return hedge(event.which, event.attempt);
            case Event::Kind::word:
                return word(event.which, event.attempt);
            case Event::Kind::end:
                return end(event.which, event.attempt);
        }
    }

    void happen(const WorldEvent& event) {
        LaneModel& model = models_[event.lane];
        switch (event.kind) {
            case WorldEvent::Kind::slow:
                return model.set_slow(event.factor);
            case WorldEvent::Kind::hang:
                return model.set_hanging(true);
            case WorldEvent::Kind::die:
                model.set_dead(true);
                return cut(event.lane);
            case WorldEvent::Kind::recover:
                model.set_slow(1);
                model.set_hanging(false);
                return model.set_dead(false);
            case WorldEvent::Kind::add:
                served_[event.lane] = true;
                return world_.serve(served_);
        }
    }

    // What was under way there ends now.
    void cut(std::size_t lane) {
        for (std::size_t i = 0; i < running_.size(); ++i) {
            for (const bool beside : {false, true}) {
                Attempt& attempt = attempt_of(i, beside);
                if (!attempt.live || attempt.lane != lane) continue;
                attempt.outcome.failed = true;
                attempt.outcome.error = Error{};
                attempt.outcome.error.cls = ErrorClass::upstream;
                attempt.outcome.error.upstream_status = 502;
                attempt.outcome.end = time_ - attempt.started;
                push(time_, Event::Kind::end, i, number_of(attempt));
            }
        }
    }

    Attempt& attempt_of(std::size_t call, bool beside) {
        return beside ? running_[call].beside : running_[call].first;
    }
    // Attempts are known by when and where they began.
    static std::uint64_t number_of(const Attempt& attempt) {
        return text_hash::mix(static_cast<std::uint64_t>(attempt.started * 1e9) ^ text_hash::kA,
                              attempt.lane + text_hash::kB);
    }
    // 0: the attempt of that number is over.
    Attempt* find(std::size_t call, std::uint64_t number, bool& beside) {
        for (const bool second : {false, true}) {
            Attempt& attempt = attempt_of(call, second);
            if (!attempt.live || number_of(attempt) != number) continue;
            beside = second;
            return &attempt;
        }
        return nullptr;
    }

    void begin(std::size_t i) {
        const SimCall& call = calls_[i];
        Running& running = running_[i];
        if (call.session != 0) {
            running.keys.root = running.keys.session = call.session;
        } else {
            running.keys = call.keys;
        }
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options_;
        ask.prompt_tokens = static_cast<std::size_t>(call.prompt);
        ask.stream = true;
        ask.hedge = true;
        if (wants_prefix(contender_.strategy)) ask.keys = &running.keys;
        running.plan =
            std::make_unique<Plan>(world_.snapshot(), ModelRoute{&world_.group(), {}, "model"}, ask,
                                   Draw(text_hash::mix(seed_ ^ text_hash::kB, i + 1)));
        follow(i, running.plan->begin(now()));
    }

    void follow(std::size_t i, const Step& step) {
        Running& running = running_[i];
        switch (step.kind) {
            case Step::Kind::fail: {
                constexpr int kTooMany = 429;
                if (running.plan->take_error().status() == kTooMany) ++shed_;
                running.plan.reset();
                return;
            }
            case Step::Kind::queue:
                return follow(i, running.plan->queue(nullptr, now()));
            case Step::Kind::wait:
                return push(second(step.at), Event::Kind::wake, i);
            case Step::Kind::start:
                start(i, running.first, running.plan->chosen());
                if (const auto at = running.plan->hedge_at(now())) {
                    push(second(*at), Event::Kind::hedge, i, number_of(running.first));
                }
        }
    }

    void start(std::size_t i, Attempt& attempt, const Deployment& deployment) {
        const SimCall& call = calls_[i];
        const auto& lanes = scenario_.lanes;
        attempt.lane = static_cast<std::size_t>(
            std::find_if(lanes.begin(), lanes.end(),
                         [&](const LaneSpec& lane) { return lane.name == deployment.id; }) -
            lanes.begin());
        attempt.live = true;
        attempt.started = time_;
        // The same luck for the same call at the same lane, whatever the strategy.
        Draw luck(text_hash::mix(
            text_hash::mix(seed_ + 7, i + text_hash::kA),
            attempt.lane + 1 + 64 * static_cast<std::uint64_t>(running_[i].plan->attempts())));
        attempt.outcome =
            models_[attempt.lane].start({&call.keys, call.prompt, call.answer}, time_, luck);
        Outcome& outcome = attempt.outcome;
        if (outcome.first_token > kTimeout && outcome.end > kTimeout) {
            outcome.failed = true;
            outcome.end = kTimeout;
            outcome.error = Error{};
            outcome.error.cls = ErrorClass::timeout;
            outcome.first_token = std::numeric_limits<double>::infinity();
        }
        const std::uint64_t number = number_of(attempt);
        if (!outcome.failed) push(time_ + outcome.first_token, Event::Kind::word, i, number);
        push(time_ + outcome.end, Event::Kind::end, i, number);
    }

    void hedge(std::size_t i, std::uint64_t number) {
        bool beside = false;
        Running& running = running_[i];
        if (!running.plan || !find(i, number, beside) || beside || running.spoke) return;
        if (!running.plan->hedge(now())) {
            return push(second(running.plan->hedge_again(now())), Event::Kind::hedge, i, number);
        }
        ++hedged_;
        // Never of the same number as the first: another lane.
        start(i, running.beside, running.plan->beside());
    }

    void word(std::size_t i, std::uint64_t number) {
        bool beside = false;
        Running& running = running_[i];
        const Attempt* attempt = find(i, number, beside);
        if (!attempt || attempt->outcome.failed) return;
        running.spoke = true;
        running.first_token = time_ - calls_[i].at;
        running.plan->spoke(now(), beside);
        if (beside) std::swap(running.first, running.beside);
        models_[running.first.lane].keep(calls_[i].keys, time_);
        if (running.beside.live) lose(i, running.beside);
    }

    // Cancelled before it said anything: its prompt was read.
    void lose(std::size_t i, Attempt& attempt) {
        const SimCall& call = calls_[i];
        models_[attempt.lane].end();
        attempt.live = false;
        waste(models_[attempt.lane].price(call.prompt, attempt.outcome.cached, 0));
    }
    void waste(double dollars) {
        spend_ += dollars;
        extra_ += dollars;
    }

    void end(std::size_t i, std::uint64_t number) {
        bool beside = false;
        Running& running = running_[i];
        Attempt* attempt = find(i, number, beside);
        if (!attempt) return;
        if (attempt->outcome.end > time_ - attempt->started + 1e-6) return;  // it was cut before
        const SimCall& call = calls_[i];
        LaneModel& model = models_[attempt->lane];
        model.end();
        attempt->live = false;
        if (!attempt->outcome.failed) return answered(i, *attempt);
        // Who was refused owes nothing; who has read the prompt is paid for it.
        if (attempt->outcome.error.cls == ErrorClass::timeout || running.spoke) {
            waste(model.price(call.prompt, attempt->outcome.cached, 0));
        }
        if (running.plan->has_beside()) {
            running.plan->fell(attempt->outcome.error, beside, now());
            if (!beside) std::swap(running.first, running.beside);
            return;
        }
        follow(i, running.plan->failed(attempt->outcome.error, running.spoke, now()));
    }

    void answered(std::size_t i, const Attempt& attempt) {
        const SimCall& call = calls_[i];
        Running& running = running_[i];
        const Outcome& outcome = attempt.outcome;
        AttemptFacts facts;
        const auto ns = [](double s) {
            return std::chrono::nanoseconds(static_cast<std::int64_t>(s * 1e9));
        };
        facts.duration = ns(outcome.end);
        facts.first_token = ns(outcome.first_token);
        facts.tokens = static_cast<std::uint64_t>(call.prompt + call.answer);
        facts.answer_tokens = static_cast<std::uint64_t>(call.answer);
        facts.cached_tokens = static_cast<std::uint64_t>(outcome.cached);
        running.plan->answered(facts, now());
        running.plan.reset();
        spend_ += models_[attempt.lane].price(call.prompt, outcome.cached,
                                              static_cast<double>(call.answer));
        prompt_ += static_cast<double>(call.prompt);
        cached_ += static_cast<double>(outcome.cached);
        if (running.first_token <= kInTime) ++good_;
        firsts_.push_back(running.first_token);
    }

    Score score() {
        Score score;
        score.calls = calls_.size();
        const auto all = std::max(static_cast<double>(calls_.size()), 1.0);
        std::sort(firsts_.begin(), firsts_.end());
        const auto at = [&](double q) {
            if (firsts_.empty()) return 0.0;
            const auto i = static_cast<std::size_t>(q * static_cast<double>(firsts_.size()));
            return firsts_[std::min(i, firsts_.size() - 1)];
        };
        score.p50 = at(0.5);
        score.p99 = at(0.99);
        score.goodput = good_ / all;
        score.spend = spend_ / all * 1000;
        score.extra = spend_ > 0 ? extra_ / spend_ : 0;
        score.hedged = hedged_ / all;
        score.cached = prompt_ > 0 ? cached_ / prompt_ : 0;
        score.shed = shed_ / all;
        return score;
    }

    const Scenario& scenario_;
    const std::vector<SimCall>& calls_;
    const Contender& contender_;
    const std::uint64_t seed_;
    const RequestOptions options_;
    World world_;
    std::vector<LaneModel> models_;
    std::vector<bool> served_;
    std::vector<Running> running_;
    std::priority_queue<Event> events_;
    std::uint64_t number_ = 0;
    double time_ = 0;

    std::vector<double> firsts_;
    double good_ = 0;
    double spend_ = 0;
    double extra_ = 0;
    double hedged_ = 0;
    double prompt_ = 0;
    double cached_ = 0;
    double shed_ = 0;
};

}  // namespace

Score simulate(const Scenario& scenario, const std::vector<SimCall>& calls,
               const Contender& contender, double seconds, std::uint64_t seed) {
    return Simulation(scenario, calls, contender, seconds, seed).run();
}

}  // namespace patchbay::sim
