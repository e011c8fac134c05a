// Plans without a gateway: what happened in, what to do out. Attempts, retries, rests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::broken;
using test::error_of;
using test::PlanTest;
using testing::HasSubstr;

TEST_F(PlanTest, a_good_attempt_is_counted) {
    world.add("g", "a");
    world.finish();
    plan();
    EXPECT_EQ(begin(), "start a");
    EXPECT_EQ(in_flight("g"), 1);
    EXPECT_EQ(&plan_->operation(), &kChatCompletions);
    answered();
    EXPECT_EQ(in_flight("g"), 0);
    EXPECT_EQ(world.lanes().requests(lane("g")).get(world.now.minute()), 1u);
    EXPECT_EQ(world.lanes().tokens(lane("g")).get(world.now.minute()), 10u);
    EXPECT_EQ(plan_->attempts(), 1);
    EXPECT_EQ(plan_->retries(), 0);
}

TEST_F(PlanTest, a_call_that_is_left_leaves_nothing_behind) {
    world.add("g", "a");
    world.finish();
    plan();
    begin();
    plan_.reset();
    EXPECT_EQ(in_flight("g"), 0);
}

TEST_F(PlanTest, a_retry_goes_elsewhere_at_once_and_then_waits) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    plan();
    const std::string first = begin();
    const std::string second = failed(broken());
    EXPECT_NE(first, second);
    EXPECT_THAT(second, HasSubstr("start"));
    EXPECT_EQ(failed(broken()), "wait");
    EXPECT_GE(waits, 1000ms);
    EXPECT_LT(waits, 1750ms);
    world.pass(2s);
    EXPECT_THAT(woke(), HasSubstr("start"));
    EXPECT_EQ(plan_->retries(), 2);
    EXPECT_EQ(failed(broken()), "fail");
    EXPECT_THAT(error(), HasSubstr("litellm.InternalServerError: OpenAIException - it failed. "
                                   "Received Model Group=g LiteLLM Retried: 2 times, LiteLLM Max "
                                   "Retries: 2"));
    EXPECT_EQ(in_flight("g", 0) + in_flight("g", 1), 0);
}

TEST_F(PlanTest, a_group_that_was_made_for_the_call_is_not_named) {
    world.add("g", "a");
    world.finish();
    options.num_retries = 0;
    names_group = false;
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "fail");
    EXPECT_EQ(error(), "litellm.InternalServerError: OpenAIException - it failed");
}

TEST_F(PlanTest, nothing_follows_what_is_committed) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    world.settings().fallbacks.general["g"] = {"g2"};
    plan();
    begin();
    EXPECT_EQ(failed(broken(), true), "fail");
}

TEST_F(PlanTest, the_clients_fault_is_not_tried_again) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    for (const ErrorClass cls : {ErrorClass::bad_request, ErrorClass::content_policy}) {
        plan();
        begin();
        EXPECT_EQ(failed(error_of(cls)), "fail");
    }
}

TEST_F(PlanTest, a_refused_key_and_a_missing_model_are_tried_elsewhere_only) {
    world.add("g", "a");
    world.finish();
    for (const ErrorClass cls :
         {ErrorClass::authentication, ErrorClass::permission, ErrorClass::not_found}) {
        plan();
        begin();
        EXPECT_EQ(failed(error_of(cls)), "fail");
    }
    world.add("g", "b");
    world.finish();
    plan();
    begin();
    EXPECT_THAT(failed(error_of(ErrorClass::authentication)), HasSubstr("start"));
}

TEST_F(PlanTest, what_rests_gets_nothing_but_its_probe) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    plan();
    const std::string limited = begin();
    EXPECT_NE(failed(error_of(ErrorClass::rate_limit, 429)), limited);
    answered();
    for (int i = 0; i < 50; ++i) {
        plan();
        EXPECT_NE(begin(), limited);
        answered();
    }
    world.pass(6s);
    int probes = 0;
    for (int i = 0; i < 50; ++i) {
        plan();
        probes += begin() == limited;
    }
    EXPECT_GT(probes, 1) << "who is left gives its probe back";
    do {
        plan();
    } while (begin() != limited);
    answered();
    EXPECT_EQ(world.lanes().resting(), 0);
}

TEST_F(PlanTest, the_last_one_awake_is_not_sent_to_rest) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    plan();
    begin();
    EXPECT_THAT(failed(error_of(ErrorClass::rate_limit, 429)), HasSubstr("start"));
    Error slow_down = error_of(ErrorClass::rate_limit, 429);
    slow_down.retry_after = 3s;
    EXPECT_EQ(failed(slow_down), "wait");
    EXPECT_GE(waits, 3s);
    EXPECT_EQ(world.lanes().resting(), 1);
}

TEST_F(PlanTest, nothing_left_is_a_429_that_says_how_long) {
    world.add("g", "a");
    world.finish();
    world.lanes().rest_until(lane("g")) = (world.now.steady + 7s).time_since_epoch().count();
    world.lanes().resting() = 1;
    plan();
    EXPECT_EQ(begin(), "fail");
    const Error error = plan_->take_error();
    EXPECT_EQ(error.status(), 429);
    EXPECT_EQ(error.retry_after, 7s);
    EXPECT_THAT(error.message, HasSubstr("No deployments available for selected model, Try again "
                                         "in 7 seconds. Passed model=g"));
}

TEST_F(PlanTest, a_timeout_that_the_client_set_makes_nobody_rest) {
    world.add("g", "a");
    world.add("g", "b");
    world.finish();
    options.timeout = 10ms;
    options.num_retries = 0;
    for (int i = 0; i < 50; ++i) {
        plan();
        begin();
        failed(error_of(ErrorClass::timeout));
    }
    EXPECT_EQ(world.lanes().resting(), 0);
    options.timeout.reset();
    for (int i = 0; i < 50; ++i) {
        plan();
        begin();
        failed(error_of(ErrorClass::timeout));
    }
    EXPECT_EQ(world.lanes().resting(), 1) << "the other one is the last awake";
}

}  // namespace
}  // namespace patchbay
