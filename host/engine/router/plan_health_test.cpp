// Plans where health checks have failed: who of a group is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/lanes/lane_health.hpp"
#include "engine/router/plan_fixture.hpp"
#include "engine/router/rests.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::broken;
using test::error_of;
using testing::HasSubstr;

class PlanHealthTest : public test::PlanTest {
  protected:
    void fails_check(const std::string& group, std::size_t place) {
        set_sick(world.lanes(), lane(group, place),
                 (world.now.steady + 10s).time_since_epoch().count());
    }
    std::string first() {
        plan();
        const std::string step = begin();
        if (step != "fail") answered();
        return step;
    }
};

TEST_F(PlanHealthTest, who_failed_its_check_is_not_asked_until_that_is_old) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    fails_check("g", 0);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(first(), "start b");
    world.pass(10s);
    bool again = false;
    for (int i = 0; i < 200; ++i) again = again || first() == "start a";
    EXPECT_TRUE(again) << "a check that is too old tells nothing";
}

TEST_F(PlanHealthTest, health_never_empties_a_group) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    fails_check("g", 0);
    fails_check("g", 1);
    bool a = false;
    bool b = false;
    for (int i = 0; i < 200; ++i) (first() == "start a" ? a : b) = true;
    EXPECT_TRUE(a && b);
}

TEST_F(PlanHealthTest, who_failed_its_check_is_asked_rather_than_nobody) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    fails_check("g", 0);
    EXPECT_GT(learn_rest(world.lanes(), lane("g", 1), 5s, world.now), 0);
    EXPECT_EQ(first(), "start a");
}

TEST_F(PlanHealthTest, the_next_order_goes_before_one_that_failed_its_check) {
    world.add("g", "a").order = 1;
    world.add("g", "b").order = 2;
    world.finish();
    fails_check("g", 0);
    EXPECT_EQ(first(), "start b");
}

TEST_F(PlanHealthTest, who_failed_its_check_is_no_company) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    fails_check("g", 1);
    world.snapshot.config.router.num_retries = 0;
    plan();
    EXPECT_EQ(begin(), "start a");
    failed(error_of(ErrorClass::rate_limit, 429));
    EXPECT_EQ(awake(world.lanes(), lane("g"), world.now), Awake::yes)
        << "the last one that can be asked does not rest";
}

TEST_F(PlanHealthTest, explain_says_who_failed_its_check) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    fails_check("g", 0);
    std::string told;
    explain = &told;
    first();
    EXPECT_THAT(told, HasSubstr("a fails its health check"));
}

TEST_F(PlanHealthTest, a_check_says_nothing_of_its_deployment_to_routing) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    world.settings().strategy = Strategy::latency_based;
    RouteAsk ask;
    ask.native = &kChatCompletions;
    ask.options = &options;
    ask.check = true;
    for (const bool good : {false, true}) {
        for (int i = 0; i < 10; ++i) {
            auto route = resolve_model(world.snapshot, "g", "/chat/completions");
            Plan checks(world.snapshot, std::move(*route), ask, Draw(++seed));
            checks.begin(world.now);
            if (good) {
                checks.answered({1s, {}, 10, 5}, world.now);
            } else {
                checks.failed(error_of(ErrorClass::rate_limit, 429), true, world.now);
            }
        }
    }
    EXPECT_EQ(world.lanes().resting(), 0);
    const std::uint32_t minute = world.now.minute();
    for (const std::size_t place : {0u, 1u}) {
        EXPECT_EQ(world.lanes().failures(lane("g", place)).good.get(minute), 0u);
        EXPECT_EQ(world.lanes().failures(lane("g", place)).bad.get(minute), 0u);
        EXPECT_EQ(world.lanes().latency(lane("g", place)).get(0), 0);
        EXPECT_EQ(in_flight("g", place), 0);
    }
    EXPECT_EQ(world.lanes().requests(lane("g", 0)).get(minute) +
                  world.lanes().requests(lane("g", 1)).get(minute),
              20u)
        << "but its provider counts it";
}

}  // namespace
}  // namespace patchbay
