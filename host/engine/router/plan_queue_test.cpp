#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

/// Several calls at a time, for a group of one deployment with room for one of them.
class PlanQueueTest : public testing::Test {
  protected:
    struct Call final : Gate::Turn {
        void come() noexcept override { ++turns; }
        RequestOptions options;
        std::unique_ptr<Plan> plan;
        int turns = 0;
        Step step;
    };

    void SetUp() override { world.add("g", "a").max_parallel_requests = 1; }

    Call& begin(std::optional<int> priority = {}, const std::string& key = "",
                std::chrono::milliseconds timeout = 0ms, const char* model = "g") {
        calls.push_back(std::make_unique<Call>());
        Call& call = *calls.back();
        if (timeout > 0ms) call.options.timeout = timeout;
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &call.options;
        ask.priority = priority;
        keys.push_back(std::make_unique<std::string>(key));
        ask.key = *keys.back();
        ask.size = 400;
        auto route = resolve_model(world.snapshot, model, "/p");
        call.plan =
            std::make_unique<Plan>(world.snapshot, std::move(*route), ask, Draw(calls.size()));
        call.step = call.plan->begin(world.now);
        if (call.step.kind == Step::Kind::queue) call.step = call.plan->queue(&call, world.now);
        return call;
    }
    Step::Kind woke(Call& call) {
        call.step = call.plan->woke(world.now);
        return call.step.kind;
    }
    void answered(Call& call) { call.plan->answered({1s, {}, 10, 5}, world.now); }
    std::int32_t in_flight() { return world.lanes().in_flight(world.tables("g").lanes[0]); }
    Gate& gate() { return world.tables("g").memory->gate; }

    test::RoutedWorld world;
    std::vector<std::unique_ptr<std::string>> keys;
    std::vector<std::unique_ptr<Call>> calls;
};

TEST_F(PlanQueueTest, the_end_of_one_attempt_is_the_turn_of_the_next) {
    world.finish();
    Call& first = begin();
    EXPECT_EQ(first.step.kind, Step::Kind::start);
    Call& second = begin();
    Call& third = begin();
    EXPECT_EQ(second.step.kind, Step::Kind::wait);
    EXPECT_EQ(gate().waiting(), 2u);
    world.pass(70ms);
    answered(first);
    EXPECT_EQ(second.turns, 1);
    EXPECT_EQ(third.turns, 0);
    EXPECT_EQ(woke(third), Step::Kind::wait) << "it is not its turn";
    EXPECT_EQ(woke(second), Step::Kind::start);
    EXPECT_EQ(second.plan->queued(), 70ms);
    EXPECT_EQ(in_flight(), 1);
    answered(second);
    EXPECT_EQ(woke(third), Step::Kind::start);
    EXPECT_EQ(gate().waiting(), 0u);
    EXPECT_EQ(gate().figures().served, 2u);
}

TEST_F(PlanQueueTest, a_place_that_is_free_is_told_in_every_group_that_has_the_deployment) {
    world.finish();
    ModelGroup& group = world.snapshot.groups.at("g");
    ModelGroup other = group;
    other.name = "other";
    GroupRouting routing;
    routing.kin = {group.tables->memory};
    other.tables = make_group_tables(other.deployments, world.snapshot.lanes, nullptr, routing);
    world.snapshot.groups["other"] = other;
    Call& first = begin({}, "", 0ms, "other");
    EXPECT_EQ(first.step.kind, Step::Kind::start);
    Call& second = begin();
    EXPECT_EQ(second.step.kind, Step::Kind::wait);
    answered(first);
    EXPECT_EQ(second.turns, 1);
    EXPECT_EQ(woke(second), Step::Kind::start);
}

TEST_F(PlanQueueTest, who_comes_does_not_pass_who_waits) {
    world.finish();
    Call& first = begin();
    Call& second = begin();
    answered(first);
    Call& late = begin();
    EXPECT_EQ(late.step.kind, Step::Kind::wait) << "the free place is another's";
    EXPECT_EQ(woke(second), Step::Kind::start);
    EXPECT_EQ(in_flight(), 1);
}

TEST_F(PlanQueueTest, a_priority_goes_first) {
    world.finish();
    Call& first = begin();
    Call& normal = begin();
    Call& low = begin(200);
    Call& high = begin(0);
    answered(first);
    EXPECT_EQ(high.turns, 1);
    EXPECT_EQ(normal.turns + low.turns, 0);
    EXPECT_EQ(woke(high), Step::Kind::start);
}

TEST_F(PlanQueueTest, a_call_that_is_left_gives_its_turn_on_and_leaves_nothing) {
    world.finish();
    Call& first = begin();
    Call& second = begin();
    Call& third = begin();
    answered(first);
    EXPECT_EQ(second.turns, 1);
    second.plan.reset();  // its client hung up
    EXPECT_EQ(third.turns, 1);
    EXPECT_EQ(woke(third), Step::Kind::start);
    third.plan.reset();
    EXPECT_EQ(gate().waiting(), 0u);
    EXPECT_EQ(in_flight(), 0);
}

TEST_F(PlanQueueTest, it_waits_so_long_and_no_longer) {
    world.settings().queue.timeout = 2s;
    world.finish();
    begin();
    Call& second = begin();
    Call& hurried = begin({}, "", 500ms);
    EXPECT_LE(hurried.step.at, world.now.steady + 500ms) << "as long as its own timeout";
    world.pass(600ms);
    EXPECT_EQ(woke(hurried), Step::Kind::fail);
    EXPECT_EQ(woke(second), Step::Kind::wait);
    world.pass(1500ms);
    EXPECT_EQ(woke(second), Step::Kind::fail);
    const Error error = second.plan->take_error();
    EXPECT_EQ(error.status(), 429);
    EXPECT_TRUE(error.retry_after);
    EXPECT_NE(error.message.find("none was free within 2000 ms"), std::string::npos)
        << error.message;
    EXPECT_EQ(gate().figures().shed[static_cast<std::size_t>(Shed::timeout)], 2u);
    EXPECT_EQ(gate().waiting(), 0u);
}

TEST_F(PlanQueueTest, a_full_queue_sheds) {
    world.settings().queue.calls = 1;
    world.finish();
    begin();
    begin();
    Call& third = begin();
    EXPECT_EQ(third.step.kind, Step::Kind::fail);
    EXPECT_NE(third.plan->take_error().message.find("the queue is full"), std::string::npos);
}

TEST_F(PlanQueueTest, one_key_cannot_have_the_queue_for_itself) {
    world.settings().queue.calls = 8;
    world.finish();
    begin();
    begin({}, "k");
    begin({}, "k");
    Call& third = begin({}, "k");
    EXPECT_EQ(third.step.kind, Step::Kind::fail);
    EXPECT_NE(third.plan->take_error().message.find("of this key"), std::string::npos);
    EXPECT_EQ(begin({}, "other").step.kind, Step::Kind::wait);
}

TEST_F(PlanQueueTest, what_is_shed_goes_to_a_fallback) {
    world.settings().queue.calls = 1;
    world.settings().fallbacks.general["g"] = {"h"};
    world.add("h", "b");
    world.finish();
    begin();
    begin();
    Call& third = begin();
    EXPECT_EQ(third.step.kind, Step::Kind::start);
    EXPECT_EQ(third.plan->deployment().id, "b");
}

TEST_F(PlanQueueTest, a_rest_is_waited_for_with_a_priority_or_where_it_is_set) {
    world.finish();
    world.lanes().rest_until(world.tables("g").lanes[0]) = world.now.ns() + 3'000'000'000;
    world.lanes().resting() = 1;
    EXPECT_EQ(begin().step.kind, Step::Kind::fail) << "429 at once, as in LiteLLM";
    Call& call = begin(5);
    EXPECT_EQ(call.step.kind, Step::Kind::wait);
    EXPECT_LE(call.step.at, world.now.steady + 3s);
    world.settings().queue.rates = true;
    Call& other = begin();
    EXPECT_EQ(other.step.kind, Step::Kind::wait);
    world.pass(3001ms);
    EXPECT_EQ(woke(call), Step::Kind::start) << "as the probe";
    answered(call);
    EXPECT_EQ(other.turns, 1);
    EXPECT_EQ(woke(other), Step::Kind::start);
}

TEST_F(PlanQueueTest, a_rest_that_is_too_long_is_not_waited_for) {
    world.finish();
    world.lanes().rest_until(world.tables("g").lanes[0]) = world.now.ns() + 40'000'000'000;
    world.lanes().resting() = 1;
    EXPECT_EQ(begin(5).step.kind, Step::Kind::fail);
}

TEST_F(PlanQueueTest, the_minute_of_a_limit_is_waited_for) {
    world.settings().enforce_rate_limits = true;
    world.add("r", "b").rpm = 1;
    world.finish();
    world.now.unix_ms -= world.now.unix_ms % 60'000;
    world.pass(50s);
    const auto ask_r = [&] {
        Call& call = *calls.emplace_back(std::make_unique<Call>());
        RouteAsk ask;
        ask.native = &kChatCompletions;
        ask.options = &call.options;
        ask.priority = 1;
        auto route = resolve_model(world.snapshot, "r", "/p");
        call.plan = std::make_unique<Plan>(world.snapshot, std::move(*route), ask, Draw(1));
        call.step = call.plan->begin(world.now);
        if (call.step.kind == Step::Kind::queue) call.step = call.plan->queue(&call, world.now);
        return &call;
    };
    EXPECT_EQ(ask_r()->step.kind, Step::Kind::start);
    Call& second = *ask_r();
    EXPECT_EQ(second.step.kind, Step::Kind::wait);
    world.pass(10s);
    EXPECT_EQ(woke(second), Step::Kind::start);
}

TEST_F(PlanQueueTest, a_free_deployment_that_the_first_cannot_use_is_the_next_ones) {
    world.settings().tag_filtering = true;
    Deployment& other = world.add("g", "t");
    other.max_parallel_requests = 1;
    other.tags = {"t"};
    world.finish();
    Call& one = begin();
    Call& two = begin();
    ASSERT_EQ(two.step.kind, Step::Kind::start);
    Call& tagged = *calls.emplace_back(std::make_unique<Call>());
    tagged.options.tags = {"t"};
    RouteAsk ask;
    ask.native = &kChatCompletions;
    ask.options = &tagged.options;
    auto route = resolve_model(world.snapshot, "g", "/p");
    tagged.plan = std::make_unique<Plan>(world.snapshot, std::move(*route), ask, Draw(9));
    tagged.step = tagged.plan->begin(world.now);
    ASSERT_EQ(tagged.step.kind, Step::Kind::queue);
    tagged.step = tagged.plan->queue(&tagged, world.now);
    Call& any = begin();
    Call& on_a = one.plan->deployment().id == "a" ? one : two;
    answered(on_a);
    EXPECT_EQ(tagged.turns, 1);
    EXPECT_EQ(woke(tagged), Step::Kind::wait);
    EXPECT_EQ(any.turns, 1) << "the turn has gone on";
    EXPECT_EQ(woke(any), Step::Kind::start);
}

}  // namespace
}  // namespace patchbay
