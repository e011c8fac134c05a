#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

class PlanLearningTest : public test::PlanTest {
  protected:
    void SetUp() override {
        world.settings().strategy = Strategy::p2c_ewma;
        world.add("g", "d0");
        world.finish();
        prompt_tokens = 500;
    }
    LaneLoad& load() { return world.lanes().load(lane("g")); }
    const GroupMeans& means() { return world.tables("g").memory->means; }
    Plan& begin_stream(bool check = false) {
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options;
        ask.prompt_tokens = prompt_tokens;
        ask.stream = true;
        ask.check = check;
        plan_.reset();
        auto route = resolve_model(world.snapshot, "g", "/p");
        Plan& made = plan_.emplace(world.snapshot, std::move(*route), ask, Draw(++seed));
        made.begin(world.now);
        return made;
    }
};

TEST_F(PlanLearningTest, a_stream_tells_its_first_token_and_its_pace) {
    Plan& plan = begin_stream();
    EXPECT_TRUE(plan.waits());
    EXPECT_EQ(load().tokens(), 501);
    world.pass(400ms);
    EXPECT_FLOAT_EQ(load().silence(world.now), 0.4F);
    plan.spoke(world.now);
    EXPECT_FALSE(plan.waits());
    EXPECT_FLOAT_EQ(means().first_token[0].last(), 0.4F);
    EXPECT_FLOAT_EQ(load().slowness.last(), 1) << "the first one is the measure";
    world.pass(1s);
    plan.answered({1400ms, 400ms, 550, 50}, world.now);
    EXPECT_FLOAT_EQ(load().per_token.last(), 0.02F);
    EXPECT_FLOAT_EQ(means().call.last(), 550);
    EXPECT_EQ(load().tokens(), 0);
    EXPECT_EQ(world.tables("g").memory->tokens, 0);

    begin_stream();
    world.pass(1200ms);
    plan_->spoke(world.now);
    EXPECT_FLOAT_EQ(load().slowness.last(), 2) << "half of the way to three times as long";
}

TEST_F(PlanLearningTest, a_failure_tells_that_it_failed_and_a_timeout_how_long_it_was_silent) {
    begin_stream();
    world.pass(100ms);
    plan_->spoke(world.now);
    plan_->answered({}, world.now);
    begin_stream();
    world.pass(100ms);
    failed(test::broken());
    EXPECT_FLOAT_EQ(load().failing.last(), 0.2F);
    EXPECT_FLOAT_EQ(load().slowness.last(), 1);
    begin_stream();
    world.pass(10s);
    failed(test::error_of(ErrorClass::timeout));
    EXPECT_GT(load().slowness.last(), 50);
    EXPECT_EQ(load().silence(world.now), 0);
}

TEST_F(PlanLearningTest, what_is_the_client_s_fault_says_nothing) {
    begin_stream();
    failed(test::error_of(ErrorClass::bad_request, 400));
    EXPECT_FALSE(load().failing.known());
    EXPECT_EQ(load().tokens(), 0);
}

TEST_F(PlanLearningTest, a_call_that_is_left_is_load_no_more) {
    begin_stream();
    plan_.reset();
    EXPECT_EQ(load().tokens(), 0);
    world.pass(5s);
    EXPECT_EQ(load().silence(world.now), 0);
}

TEST_F(PlanLearningTest, a_health_check_is_no_load_and_teaches_nothing) {
    Plan& plan = begin_stream(true);
    EXPECT_FALSE(plan.waits());
    EXPECT_EQ(load().tokens(), 0);
    world.pass(3s);
    EXPECT_EQ(load().silence(world.now), 0);
    plan.spoke(world.now);
    plan.answered({3s, 1s, 550, 50}, world.now);
    EXPECT_FALSE(load().slowness.known());
    EXPECT_FALSE(load().per_token.known());
    EXPECT_FALSE(load().failing.known());
    EXPECT_FALSE(means().call.known());
    begin_stream(true);
    failed(test::broken());
    EXPECT_FALSE(load().failing.known());
}

TEST_F(PlanLearningTest, other_strategies_pay_nothing_for_it) {
    world.settings().strategy = Strategy::simple_shuffle;
    Plan& plan = begin_stream();
    EXPECT_FALSE(plan.waits());
    EXPECT_EQ(load().tokens(), 0);
    plan.answered({1s, 1s, 550, 50}, world.now);
    EXPECT_FALSE(means().call.known());
}

}  // namespace
}  // namespace patchbay
