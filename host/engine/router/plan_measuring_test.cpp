// Calls one after the other under p2c-ewma, in virtual time: who is slow is found out, whoever comes
// first, and who hangs is known by clients that give up.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Deployments that take their time for a first token; one that is not named says nothing.
class Calls {
  public:
    explicit Calls(std::uint64_t seed) : seed_(seed * 1'000'000) {
        world.settings().strategy = Strategy::p2c_ewma;
    }
    void add(const std::string& id) { world.add("g", id); }
    void finish() { world.finish(); }

    /// Who was asked. A client waits for ten seconds.
    std::string call() {
        RequestOptions options;
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options;
        ask.prompt_tokens = 100;
        ask.stream = true;
        Plan plan(world.snapshot, *resolve_model(world.snapshot, "g", "/p"), ask, Draw(++seed_));
        EXPECT_EQ(plan.begin(world.now).kind, Step::Kind::start);
        const std::string id = plan.chosen().id;
        const auto first = first_tokens.find(id);
        if (first == first_tokens.end()) {
            world.pass(10s);
            plan.left(world.now);
            return id;
        }
        world.pass(first->second);
        plan.spoke(world.now);
        world.pass(5ms);
        plan.answered({first->second + 5ms, first->second, 110, 10}, world.now);
        return id;
    }
    /// How many of so many calls went there.
    int asked(const std::string& id, int calls) {
        int found = 0;
        for (int i = 0; i < calls; ++i) found += call() == id;
        return found;
    }

    test::RoutedWorld world;
    std::map<std::string, milliseconds> first_tokens;

  private:
    std::uint64_t seed_;
};

TEST(PlanMeasuring, the_slow_one_of_two_is_asked_once_whoever_is_first) {
    std::map<std::string, int> first;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Calls calls(seed);
        calls.add("slow");
        calls.add("fast");
        calls.finish();
        calls.first_tokens = {{"slow", 300ms}, {"fast", 2ms}};
        ++first[calls.call()];
        calls.call();
        EXPECT_EQ(calls.asked("slow", 100), 0) << seed;
    }
    EXPECT_GT(first["slow"], 50);
    EXPECT_GT(first["fast"], 50);
}

TEST(PlanMeasuring, one_that_was_slow_is_asked_once_in_a_while) {
    Calls calls(1);
    calls.add("slow");
    calls.add("fast");
    calls.finish();
    calls.first_tokens = {{"slow", 3s}, {"fast", 200ms}};
    calls.asked("slow", 2);
    const auto begin = calls.world.now.steady;
    int asked = 0;
    while (calls.world.now.steady < begin + 10min) asked += calls.call() == "slow";
    EXPECT_GE(asked, 5);
    EXPECT_LE(asked, 10);
    calls.first_tokens["slow"] = 20ms;
    calls.world.pass(61s);
    EXPECT_GT(calls.asked("slow", 200), 150) << "it is the faster one now";
}

TEST(PlanMeasuring, each_of_many_is_asked_early) {
    Calls calls(1);
    constexpr int kMany = 100;
    for (int i = 0; i < kMany; ++i) {
        const std::string id = "d" + std::to_string(i);
        calls.add(id);
        calls.first_tokens[id] = 1ms * (i + 1);
    }
    calls.finish();
    std::map<std::string, int> asked;
    for (int i = 0; i < 5 * kMany; ++i) ++asked[calls.call()];
    EXPECT_EQ(asked.size(), std::size_t{kMany});
}

TEST(PlanMeasuring, clients_that_give_up_tell_that_a_deployment_hangs) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Calls calls(seed);
        calls.add("hangs");
        calls.add("well");
        calls.finish();
        calls.first_tokens["well"] = 100ms;
        while (calls.call() != "well") {
        }
        calls.call();
        EXPECT_EQ(calls.asked("hangs", 100), 0) << seed;
    }
}

}  // namespace
}  // namespace patchbay
