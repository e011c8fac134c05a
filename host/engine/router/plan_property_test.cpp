// Hundreds of generated configurations under faults, in virtual time: what must hold whatever
// happens. A seed that fails is named; it fails again the same way.
#include <algorithm>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using std::chrono::milliseconds;

/// One world and its calls. Everything comes from the seed.
class Simulation {
  public:
    explicit Simulation(std::uint64_t seed) : luck_(seed), seed_(seed) {
        constexpr Strategy kAll[] = {Strategy::simple_shuffle, Strategy::least_busy,
                                     Strategy::latency_based,  Strategy::usage_based,
                                     Strategy::usage_based_v2, Strategy::cost_based,
                                     Strategy::p2c_ewma,       Strategy::prefix_affinity};
        auto& settings = world_.settings();
        settings.strategy = kAll[luck_.below(8)];
        settings.disable_cooldowns = luck_.below(8) == 0;
        if (luck_.below(2) == 0) settings.cooldown_time = milliseconds(luck_.below(8000));
        if (luck_.below(3) == 0)
            settings.fallbacks.allowed_fails = static_cast<int>(luck_.below(5));
        world_.snapshot.config.router.num_retries = retries_ = static_cast<int>(luck_.below(6));
        groups_ = 1 + luck_.below(3);
        for (std::uint32_t g = 0; g < groups_; ++g) add_group(g);
        world_.finish();
    }

    /// Steps taken, for comparing two runs.
    std::string run() {
        milliseconds at{0};
        for (std::size_t i = 0; i < kCalls; ++i) {
            at += milliseconds(luck_.below(60));
            push(at, i);
        }
        while (!events_.empty()) {
            const Event event = events_.top();
            events_.pop();
            world_.pass(event.at - now_);
            now_ = event.at;
            step(event.call);
        }
        check_end();
        return log_;
    }

  private:
    static constexpr std::size_t kCalls = 150;

    struct Event {
        milliseconds at;
        std::size_t number;  ///< of two at one time the first goes first
        std::size_t call;
        bool operator<(const Event& other) const {
            return at != other.at ? at > other.at : number > other.number;
        }
    };
    struct Running {
        PrefixKeys keys;  // of one of seven sessions
        std::unique_ptr<Plan> plan;
        bool asked = false;  ///< an attempt is under way, else it waits
        bool probe = false;
        LaneIndex lane = 0;
        int ended = 0;
    };

    void add_group(std::uint32_t g) {
        const std::uint32_t count = 1 + luck_.below(5);
        for (std::uint32_t i = 0; i < count; ++i) {
            Deployment& d = world_.add(name(g), name(g) + std::to_string(i));
            if (luck_.below(3) == 0) d.rpm = 1 + luck_.below(200);
            if (luck_.below(4) == 0) d.max_parallel_requests = 1 + luck_.below(3);
            if (luck_.below(4) == 0) d.order = static_cast<int>(luck_.below(2));
            d.price = luck_.uniform();
            faults_[d.lane->index()] = luck_.below(3) == 0 ? luck_.uniform() : 0.1;
        }
        if (g > 0) world_.settings().fallbacks.general[name(g - 1)] = {name(g), name(0)};
    }
    static std::string name(std::uint32_t g) { return std::string(1, static_cast<char>('a' + g)); }
    void push(milliseconds at, std::size_t call) { events_.push({at, ++number_, call}); }

    void step(std::size_t i) {
        Running& call = calls_[i];
        Step next;
        if (!call.plan) {
            RouteAsk ask;
            ask.native = &kChatCompletions;
            ask.options = &options_;
            ask.prompt_tokens = 10 + i % 2000;
            ask.stream = i % 3 != 0;
            call.keys.root = call.keys.session = 1 + i % 7;
            ask.keys = &call.keys;
            auto route = resolve_model(world_.snapshot, "a", "/p");
            call.plan = std::make_unique<Plan>(world_.snapshot, std::move(*route), ask,
                                               Draw(seed_ * 1000 + i));
            next = call.plan->begin(world_.now);
        } else if (!call.asked) {
            next = call.plan->woke(world_.now);
        } else {
            --under_way_[call.lane];
            call.asked = false;
            if (call.probe) --probes_[call.lane];
            if (luck_.uniform() >= faults_[call.lane]) {
                call.plan->answered({milliseconds(50), {}, 20, 10}, world_.now);
                return end(call, "ok");
            }
            if (luck_.below(20) == 0) return end(call, "left");
            next = call.plan->failed(fault(), luck_.below(20) == 0, world_.now);
        }
        follow(i, call, next);
    }

    void follow(std::size_t i, Running& call, const Step& next) {
        if (next.kind == Step::Kind::queue) {
            log_ += 'q';
            return follow(i, call, call.plan->queue(nullptr, world_.now));
        }
        if (next.kind == Step::Kind::fail) return end(call, "failed");
        if (next.kind == Step::Kind::wait) {
            log_ += 'w';
            const auto wait = std::chrono::ceil<milliseconds>(next.at - world_.now.steady);
            EXPECT_LE(wait, std::chrono::seconds(62)) << seed_;
            return push(now_ + wait, i);
        }
        started(i, call);
    }

    void started(std::size_t i, Running& call) {
        const Deployment& d = call.plan->chosen();
        call.lane = d.lane->index();
        call.asked = true;
        log_ += d.id;
        const std::int64_t rests = world_.lanes().rest_until(call.lane);
        call.probe = rests != 0;
        EXPECT_LE(rests, world_.now.ns()) << seed_ << ": it rests";
        if (call.probe) {
            EXPECT_EQ(++probes_[call.lane], 1) << seed_ << ": one probe at a time";
        }
        const auto busy = ++under_way_[call.lane];
        EXPECT_EQ(world_.lanes().in_flight(call.lane), busy) << seed_;
        if (d.max_parallel_requests) {
            EXPECT_LE(busy, *d.max_parallel_requests) << seed_;
        }
        const Strategy strategy = world_.settings().strategy;
        const bool hard = strategy == Strategy::usage_based_v2 ||
                          strategy == Strategy::latency_based || strategy == Strategy::cost_based;
        if (hard && d.rpm) {
            EXPECT_LE(world_.lanes().requests(call.lane).get(world_.now.minute()), *d.rpm) << seed_;
        }
        EXPECT_LE(call.plan->retries(), retries_) << seed_;
        EXPECT_LE(call.plan->attempts(), static_cast<int>(groups_) * 3 * (retries_ + 1)) << seed_;
        push(now_ + milliseconds(10 + luck_.below(400)), i);
    }

    void end(Running& call, const char* how) {
        log_ += how;
        ++call.ended;
        call.plan.reset();
    }

    Error fault() {
        constexpr ErrorClass kAll[] = {ErrorClass::upstream,    ErrorClass::rate_limit,
                                       ErrorClass::timeout,     ErrorClass::authentication,
                                       ErrorClass::bad_request, ErrorClass::not_found,
                                       ErrorClass::quota,       ErrorClass::context_length};
        Error error = test::error_of(kAll[luck_.below(8)]);
        if (error.cls == ErrorClass::upstream && luck_.below(2) == 0) error = test::broken();
        if (luck_.below(3) == 0) error.retry_after = milliseconds(luck_.below(70'000));
        return error;
    }

    void check_end() {
        for (const auto& [i, call] : calls_) EXPECT_EQ(call.ended, 1) << seed_ << ' ' << i;
        int resting = 0;
        for (const auto& [lane, share] : faults_) {
            EXPECT_EQ(world_.lanes().in_flight(lane), 0) << seed_;
            EXPECT_EQ(world_.lanes().load(lane).tokens(), 0) << seed_;
            resting += world_.lanes().rest_until(lane) != 0;
        }
        EXPECT_EQ(world_.lanes().resting(), resting) << seed_;
    }

    Draw luck_;
    std::uint64_t seed_;
    test::RoutedWorld world_;
    RequestOptions options_;
    std::uint32_t groups_ = 1;
    int retries_ = 0;
    std::map<LaneIndex, double> faults_;
    std::map<LaneIndex, int> under_way_;
    std::map<LaneIndex, int> probes_;
    std::map<std::size_t, Running> calls_;
    std::priority_queue<Event> events_;
    std::size_t number_ = 0;
    milliseconds now_{0};
    std::string log_;
};

TEST(PlanProperties, hold_for_every_seed) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Simulation(seed).run();
        if (HasFailure()) break;
    }
}

TEST(PlanProperties, a_seed_decides_everything) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        EXPECT_EQ(Simulation(seed).run(), Simulation(seed).run()) << seed;
    }
}

}  // namespace
}  // namespace patchbay
