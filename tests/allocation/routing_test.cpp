// Choosing a deployment costs no allocation, whatever the strategy, up to a thousand deployments.
#include <string>

#include <gtest/gtest.h>

#include "allocations.hpp"
#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

TEST(Routing, a_call_that_is_answered_costs_no_allocation) {
    test::RoutedWorld world;
    for (int i = 0; i < 1000; ++i) {
        Deployment& d = world.add("g", "d" + std::to_string(i));
        d.rpm = 1'000'000;
        d.max_parallel_requests = 100;
    }
    world.finish();
    world.lanes().resting() = 1;
    const ModelGroup& group = world.snapshot.groups.at("g");
    RequestOptions options;
    PrefixKeys keys;
    keys.root = keys.session = 42;
    RouteAsk ask;
    ask.keys = &keys;
    ask.stream = true;
    ask.native = &kChatCompletions;
    ask.options = &options;
    for (const Strategy strategy :
         {Strategy::simple_shuffle, Strategy::least_busy, Strategy::latency_based,
          Strategy::usage_based, Strategy::usage_based_v2, Strategy::cost_based, Strategy::p2c_ewma,
          Strategy::prefix_affinity}) {
        world.settings().strategy = strategy;
        world.finish();
        world.lanes().rest_until(3) = world.now.ns() + 1'000'000'000;
        const std::size_t before = allocations();
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            Plan plan(world.snapshot, ModelRoute{&group, {}, "g"}, ask, Draw(seed));
            ASSERT_EQ(plan.begin(world.now).kind, Step::Kind::start);
            plan.spoke(world.now);
            plan.answered({std::chrono::seconds(2), std::chrono::seconds(1), 100, 50}, world.now);
        }
        EXPECT_EQ(allocations() - before, 0u) << static_cast<int>(strategy);
    }
}

}  // namespace
}  // namespace patchbay
