#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

/// Two deployments whose first tokens take 100 ms, and one stream in twenty-five 400 ms.
class PlanHedgeTest : public test::PlanTest {
  protected:
    void SetUp() override {
        world.hedge_share = 0.5;
        world.add("g", "d0");
        world.add("g", "d1");
        world.finish();
        prompt_tokens = 100;
    }
    void learn() {
        for (int i = 0; i < 100; ++i) answer(i % 25 == 0 ? 400ms : 100ms);
    }
    /// The group anew, with such a share and nothing learned.
    void share(double share) {
        ModelGroup& group = world.snapshot.groups.at("g");
        group.tables = make_group_tables(group.deployments, world.snapshot.lanes, nullptr,
                                         {Strategy::simple_shuffle, share});
    }
    void answer(std::chrono::milliseconds first) { answer(first, true); }
    /// `twice`: it may have a second attempt.
    void answer(std::chrono::milliseconds first, bool twice) {
        begin_stream(twice);
        world.pass(first);
        plan_->spoke(world.now);
        plan_->answered({first + 500ms, first, 150, 50}, world.now);
        plan_.reset();
    }
    Plan& begin_stream(bool hedge = true) {
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &options;
        ask.prompt_tokens = prompt_tokens;
        ask.stream = true;
        ask.hedge = hedge;
        ask.explain = explain;
        plan_.reset();
        auto route = resolve_model(world.snapshot, "g", "/p");
        Plan& made = plan_.emplace(world.snapshot, std::move(*route), ask, Draw(++seed));
        EXPECT_EQ(made.begin(world.now).kind, Step::Kind::start);
        return made;
    }
    std::chrono::milliseconds delay() {
        const auto at = plan_->hedge_at(world.now);
        if (!at) return -1ms;
        return std::chrono::duration_cast<std::chrono::milliseconds>(*at - world.now.steady);
    }
    std::int32_t under_way() { return in_flight("g", 0) + in_flight("g", 1); }
};

TEST_F(PlanHedgeTest, waits_for_what_nearly_all_first_tokens_take) {
    begin_stream();
    EXPECT_EQ(delay(), -1ms) << "nothing is known";
    learn();
    begin_stream();
    EXPECT_GE(delay(), 80ms);
    EXPECT_LE(delay(), 200ms);
    begin_stream(false);
    EXPECT_EQ(delay(), -1ms) << "the call may not be asked twice";
}

TEST_F(PlanHedgeTest, the_bucket_must_hold_several_times_what_it_costs) {
    share(0.02);
    learn();
    begin_stream();
    world.pass(200ms);
    EXPECT_FALSE(plan_->hedge(world.now))
        << "4 x 132 of a call's 150, of which 2 in 100 are paid in";
    learn();
    begin_stream();
    world.pass(200ms);
    EXPECT_TRUE(plan_->hedge(world.now));
    begin_stream();
    world.pass(200ms);
    EXPECT_FALSE(plan_->hedge(world.now));
    for (int i = 0; i < 20; ++i) learn();
    prompt_tokens = 900;
    begin_stream();
    world.pass(1s);
    EXPECT_TRUE(plan_->hedge(world.now));
    prompt_tokens = 1500;
    for (int i = 0; i < 20; ++i) learn();
    begin_stream();
    world.pass(1s);
    EXPECT_FALSE(plan_->hedge(world.now)) << "more than eight calls cost";
}

TEST_F(PlanHedgeTest, those_of_a_slow_moment_leave_too_little_for_the_next) {
    share(1);
    prompt_tokens = 450;
    learn();
    std::string said;
    explain = &said;
    int begun = 0;
    for (; begun < 32; ++begun) {
        begin_stream();
        world.pass(2s);
        if (!plan_->hedge(world.now)) break;
        plan_->spoke(world.now);
        plan_->answered({2500ms, 2s, 150, 50}, world.now);
    }
    // It costs 3.2 calls, and the call that has it pays 1: of 32, at 32 - 9 * 2.2 less than 4 * 3.2 are left.
    EXPECT_EQ(begun, 9);
    EXPECT_NE(said.find("the group's share for them is used up"), said.npos) << said;
}

TEST_F(PlanHedgeTest, who_may_not_be_asked_twice_pays_all_the_same) {
    share(1);
    for (int i = 0; i < 40; ++i) answer(i % 10 == 0 ? 400ms : 100ms, false);
    for (int i = 0; i < 6; ++i) {
        for (int paid = 0; paid < 32; ++paid) {
            begin_stream(false);
            ASSERT_EQ(delay(), -1ms);
            plan_.reset();
            answer(100ms, false);
        }
        begin_stream();
        ASSERT_GT(delay(), 0ms);
        world.pass(2s);
        EXPECT_TRUE(plan_->hedge(world.now)) << i;
    }
}

TEST_F(PlanHedgeTest, what_is_lost_is_paid_for_whoever_it_is) {
    // The first deployment is ten times as dear as the other.
    share(0.5);
    auto tables = std::make_shared<GroupTables>(world.tables("g"));
    tables->hedge->prices = {TokenPrices{10, 10, 10}, TokenPrices{1, 1, 1}};
    world.snapshot.groups.at("g").tables = tables;
    for (int i = 0; i < 20; ++i) learn();
    double calls = 0;
    double lost = 0;
    for (int i = 0; i < 5000; ++i) {
        Plan& plan = begin_stream();
        const bool dear = plan.deployment().id == "d0";
        world.pass(2s);
        if (plan.hedge(world.now)) lost += 132 * (dear ? 10 : 1);
        plan.spoke(world.now, plan.has_beside());
        calls += 150 * (plan.deployment().id == "d0" ? 10 : 1);
        plan.answered({2500ms, 2s, 150, 50}, world.now);
    }
    EXPECT_GT(lost, 0.4 * calls);
    EXPECT_LT(lost, 0.5 * calls + 32 * 1500);
}

TEST_F(PlanHedgeTest, a_second_attempt_that_is_the_retry_costs_nothing) {
    world.settings().disable_cooldowns = true;
    share(0.02);
    learn();
    learn();
    for (int i = 0; i < 100; ++i) {
        Plan& plan = begin_stream();
        world.pass(200ms);
        ASSERT_TRUE(plan.hedge(world.now)) << i;
        plan.fell(test::broken(), false, world.now);
    }
}

TEST_F(PlanHedgeTest, who_could_not_be_asked_is_looked_for_again_after_twice_as_long) {
    learn();
    Hedges& bucket = *world.snapshot.groups.at("g").tables->hedge->hedges;
    while (bucket.take(1)) {
    }
    Plan& plan = begin_stream();
    const auto begun = world.now.steady;
    EXPECT_EQ(plan.hedge_again(world.now) - begun, 1ms);
    world.pass(200ms);
    EXPECT_FALSE(plan.hedge(world.now)) << "nothing is left for it";
    EXPECT_EQ(plan.hedge_again(world.now) - begun, 400ms);
    world.pass(200ms);
    for (int paid = 0; paid < 10; ++paid) bucket.called(150, 0.5, world.now);
    EXPECT_TRUE(plan.hedge(world.now));
}

TEST_F(PlanHedgeTest, a_group_that_is_told_of_too_many_calls_makes_none) {
    learn();
    begin_stream();
    failed(test::error_of(ErrorClass::rate_limit, 429));
    world.lanes().rest_until(lane("g", 0)) = world.lanes().rest_until(lane("g", 1)) = 0;
    world.lanes().resting() = 0;
    world.pass(9s);
    begin_stream();
    EXPECT_FALSE(plan_->hedge(world.now));
    world.pass(1s);
    EXPECT_TRUE(plan_->hedge(world.now));
}

TEST_F(PlanHedgeTest, another_deployment_is_asked_and_who_speaks_first_has_the_call) {
    learn();
    Plan& plan = begin_stream();
    const std::string first = plan.deployment().id;
    world.pass(200ms);
    ASSERT_TRUE(plan.hedge(world.now));
    EXPECT_NE(plan.beside().id, first);
    EXPECT_EQ(under_way(), 2);
    EXPECT_EQ(plan.attempts(), 2);
    EXPECT_EQ(plan.retries(), 0);
    EXPECT_FALSE(plan.hedge(world.now)) << "once";
    world.pass(100ms);
    const std::string second = plan.beside().id;
    plan.spoke(world.now, true);
    EXPECT_EQ(plan.deployment().id, second);
    EXPECT_FALSE(plan.has_beside());
    EXPECT_EQ(under_way(), 1);
    plan.answered({600ms, 100ms, 150, 50}, world.now);
    EXPECT_EQ(under_way(), 0);
}

TEST_F(PlanHedgeTest, the_first_may_still_win) {
    learn();
    std::string said;
    explain = &said;
    Plan& plan = begin_stream();
    const std::string first = plan.deployment().id;
    world.pass(200ms);
    ASSERT_TRUE(plan.hedge(world.now));
    plan.spoke(world.now);
    EXPECT_EQ(plan.deployment().id, first);
    EXPECT_EQ(under_way(), 1);
    EXPECT_NE(said.find("nothing for 200 ms: asks d"), said.npos) << said;
    EXPECT_NE(said.find("; " + first + " is first"), said.npos) << said;
}

TEST_F(PlanHedgeTest, if_the_first_fails_the_second_is_the_retry) {
    learn();
    Plan& plan = begin_stream();
    world.pass(200ms);
    ASSERT_TRUE(plan.hedge(world.now));
    const std::string second = plan.beside().id;
    plan.fell(test::broken(), false, world.now);
    EXPECT_EQ(plan.deployment().id, second);
    EXPECT_EQ(plan.retries(), 1);
    EXPECT_EQ(under_way(), 1);
    plan.spoke(world.now);
    plan.answered({1s, 300ms, 150, 50}, world.now);
    EXPECT_EQ(under_way(), 0);
}

TEST_F(PlanHedgeTest, if_the_second_fails_the_first_goes_on) {
    learn();
    Plan& plan = begin_stream();
    const std::string first = plan.deployment().id;
    world.pass(200ms);
    ASSERT_TRUE(plan.hedge(world.now));
    plan.fell(test::broken(), true, world.now);
    EXPECT_EQ(plan.deployment().id, first);
    EXPECT_EQ(plan.retries(), 0);
    EXPECT_EQ(failed(test::broken()), "wait") << "the other one has failed this call already";
}

TEST_F(PlanHedgeTest, the_share_is_a_limit) {
    learn();
    world.pass(1s);
    int hedged = 0;
    constexpr int kCalls = 2000;
    share(0.02);
    learn();
    for (int i = 0; i < kCalls; ++i) {
        Plan& plan = begin_stream();
        world.pass(3s);  // all is slow
        hedged += plan.hedge(world.now);
        plan.spoke(world.now);
        plan.answered({3500ms, 3s, 150, 50}, world.now);
    }
    // A hedge costs its prompt of 100 and 32 tokens of a call's 150.
    EXPECT_GT(hedged, 10);
    EXPECT_LE(hedged, 32 + 0.02 * (kCalls + 100) * 150 / 132);
}

TEST_F(PlanHedgeTest, nobody_who_rests_or_hangs_is_asked) {
    learn();
    Plan& plan = begin_stream();
    const std::size_t other = plan.deployment().id == "d0" ? 1 : 0;
    LaneTable& lanes = world.lanes();
    lanes.rest_until(lane("g", other)) = world.now.ns() + 1'000'000'000;
    lanes.resting() = 1;
    EXPECT_FALSE(plan.hedge(world.now));
    world.pass(2s);
    EXPECT_FALSE(plan.hedge(world.now)) << "it waits for its probe";
    lanes.rest_until(lane("g", other)) = 0;
    lanes.resting() = 0;
    LaneLoad& load = lanes.load(lane("g", other));
    load.begin(1, true, world.now);
    world.pass(10s);
    EXPECT_FALSE(plan.hedge(world.now)) << "it is silent, too";
    load.heard(world.now);
    EXPECT_TRUE(plan.hedge(world.now));
}

TEST_F(PlanHedgeTest, a_call_that_is_left_leaves_nothing_under_way) {
    learn();
    begin_stream();
    world.pass(200ms);
    ASSERT_TRUE(plan_->hedge(world.now));
    plan_.reset();
    EXPECT_EQ(under_way(), 0);
    EXPECT_EQ(world.lanes().load(lane("g", 0)).tokens(), 0);
    EXPECT_EQ(world.lanes().load(lane("g", 1)).tokens(), 0);
    EXPECT_EQ(world.tables("g").memory->tokens, 0);
}

TEST_F(PlanHedgeTest, who_loses_is_known_to_be_slow) {
    learn();
    const double before = world.tables("g").hedge->hedges->spread.quantile(0.99, 1, world.now.ns());
    for (int i = 0; i < 20; ++i) {
        Plan& plan = begin_stream();
        world.pass(2s);
        ASSERT_TRUE(plan.hedge(world.now));
        world.pass(100ms);
        plan.spoke(world.now, true);
        plan.answered({500ms, 100ms, 150, 50}, world.now);
    }
    EXPECT_GT(world.tables("g").hedge->hedges->spread.quantile(0.99, 1, world.now.ns()),
              2 * before);
}

TEST_F(PlanHedgeTest, whatever_happens_nothing_is_left_under_way) {
    learn();
    Draw luck(1);
    int hedged = 0;
    for (int i = 0; i < 3000; ++i) {
        Plan& plan = begin_stream();
        Step step{Step::Kind::start};
        while (step.kind == Step::Kind::start) {
            world.pass(std::chrono::milliseconds(luck.below(400)));
            if (luck.below(2) == 0) hedged += plan.hedge(world.now);
            ASSERT_EQ(under_way(), plan.has_beside() ? 2 : 1);
            world.pass(std::chrono::milliseconds(luck.below(400)));
            if (plan.has_beside() && luck.below(3) == 0) {
                plan.fell(test::broken(), luck.below(2) == 0, world.now);
                continue;
            }
            const bool spoke = luck.below(2) == 0;
            if (spoke) plan.spoke(world.now, plan.has_beside() && luck.below(2) == 0);
            ASSERT_EQ(under_way(), plan.has_beside() ? 2 : 1);
            if (luck.below(10) == 0) break;  // the client leaves
            if (!spoke && plan.has_beside()) continue;
            if (luck.below(4) == 0) {
                step = plan.failed(test::broken(), spoke, world.now);
            } else {
                plan.answered({1s, 200ms, 150, 50}, world.now);
                break;
            }
        }
        plan_.reset();
        ASSERT_EQ(under_way(), 0);
    }
    EXPECT_GT(hedged, 100);
    for (std::size_t place : {0u, 1u}) {
        EXPECT_EQ(world.lanes().load(lane("g", place)).tokens(), 0);
        world.pass(1h);
        EXPECT_EQ(world.lanes().load(lane("g", place)).silence(world.now), 0);
    }
    EXPECT_EQ(world.tables("g").memory->tokens, 0);
}

}  // namespace
}  // namespace patchbay
