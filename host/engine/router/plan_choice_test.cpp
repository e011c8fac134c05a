// Plans without a gateway: who of a group is asked.
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

TEST_F(PlanTest, an_id_goes_to_its_deployment_even_if_it_rests) {
    Deployment& d = world.add("g", "a");
    world.snapshot.groups["a"] = ModelGroup{"g", {&d}, true};
    world.snapshot.groups["a"].by_id = true;
    world.finish();
    world.lanes().rest_until(lane("g")) = (world.now.steady + 7s).time_since_epoch().count();
    world.lanes().resting() = 1;
    plan("a");
    EXPECT_EQ(begin(), "start a");
}

TEST_F(PlanTest, the_next_order_is_tried_before_a_fallback) {
    world.add("g", "second").order = 2;
    world.add("g", "first").order = 1;
    world.add("g", "last");
    world.add("h", "other");
    world.finish();
    world.snapshot.config.router.num_retries = 0;
    world.settings().fallbacks.general["g"] = {"h"};
    for (int i = 0; i < 10; ++i) {
        plan();
        EXPECT_EQ(begin(), "start first");
        answered();
    }
    plan();
    begin();
    EXPECT_EQ(failed(error_of(ErrorClass::timeout)), "start second");
    EXPECT_EQ(failed(error_of(ErrorClass::timeout)), "start last");
    EXPECT_EQ(failed(error_of(ErrorClass::timeout)), "start other");
}

TEST_F(PlanTest, tags) {
    world.add("g", "eu").tags = {"eu", "free"};
    world.add("g", "us").tags = {"us"};
    world.add("g", "rest").tags = {"default"};
    world.finish();
    world.settings().tag_filtering = true;
    struct Row {
        std::vector<std::string> tags;
        bool any;
        std::string taken;
    };
    for (const Row& row :
         {Row{{"eu"}, true, "start eu"}, Row{{"us"}, true, "start us"}, Row{{}, true, "start rest"},
          Row{{"mars"}, true, "start rest"}, Row{{"eu", "mars"}, true, "start eu"},
          Row{{"eu", "free"}, false, "start eu"}, Row{{"eu", "mars"}, false, "start rest"}}) {
        world.settings().tag_match_any = row.any;
        options.tags = row.tags;
        plan();
        EXPECT_EQ(begin(), row.taken) << (row.tags.empty() ? "" : row.tags.back());
    }
}

TEST_F(PlanTest, tags_of_the_key_choose_as_those_of_the_request_do) {
    world.add("g", "eu").tags = {"eu", "free"};
    world.add("g", "us").tags = {"us"};
    world.finish();
    world.settings().tag_filtering = true;
    key_tags = {"us"};
    for (int i = 0; i < 8; ++i) {
        plan();
        EXPECT_EQ(begin(), "start us");
    }
    world.settings().tag_match_any = false;
    key_tags = {"free"};
    options.tags = {"eu"};
    plan();
    EXPECT_EQ(begin(), "start eu");
    options.tags = {"us"};
    plan();
    EXPECT_EQ(begin(), "fail") << "nobody has both";
    EXPECT_THAT(error(), testing::HasSubstr("free")) << "and which they were is told";
}

TEST_F(PlanTest, a_tag_that_nobody_has_is_401_without_a_default) {
    world.add("g", "eu").tags = {"eu"};
    world.finish();
    world.settings().tag_filtering = true;
    options.tags = {"us"};
    plan();
    EXPECT_EQ(begin(), "fail");
    EXPECT_EQ(plan_->take_error().status(), 401);
    options.tags = {};
    plan();
    EXPECT_EQ(begin(), "start eu") << "without tags all are there";
}

TEST_F(PlanTest, too_long_a_prompt_leaves_only_larger_windows) {
    world.add("g", "small").info.max_input_tokens = 1'000;
    world.add("g", "large").info.max_input_tokens = 100'000;
    world.add("h", "huge");
    world.finish();
    world.settings().pre_call_checks = true;
    prompt_tokens = 5'000;
    for (int i = 0; i < 10; ++i) {
        plan();
        EXPECT_EQ(begin(), "start large");
    }
    prompt_tokens = 500'000;
    plan();
    EXPECT_EQ(begin(), "fail");
    EXPECT_THAT(error(), HasSubstr("Max Input Tokens=100000, Got=500000"));
    world.settings().fallbacks.context_window["g"] = {"h"};
    plan();
    EXPECT_EQ(begin(), "start huge");
}

TEST_F(PlanTest, a_context_error_goes_to_a_larger_window) {
    world.add("g", "small").info.max_input_tokens = 1'000;
    world.add("g", "large").info.max_input_tokens = 100'000;
    world.finish();
    bool seen = false;
    for (int i = 0; i < 20; ++i) {
        plan();
        const bool small = begin() == "start small";
        EXPECT_EQ(failed(error_of(ErrorClass::context_length)), small ? "start large" : "fail");
        seen = seen || small;
    }
    EXPECT_TRUE(seen);
}

TEST_F(PlanTest, no_slot_free_waits_for_one) {
    world.add("g", "a").max_parallel_requests = 1;
    world.finish();
    world.lanes().in_flight(lane("g")) = 1;
    plan();
    EXPECT_EQ(begin(), "wait");
    world.pass(10ms);
    EXPECT_EQ(woke(), "wait");
    world.lanes().in_flight(lane("g")) = 0;
    EXPECT_EQ(woke(), "start a");
    plan_.reset();
    world.lanes().in_flight(lane("g")) = 1;
    plan();
    EXPECT_EQ(begin(), "wait");
    world.pass(31s);
    EXPECT_EQ(woke(), "fail");
    EXPECT_EQ(plan_->take_error().status(), 429);
}

TEST_F(PlanTest, the_same_seed_decides_the_same) {
    for (int i = 0; i < 10; ++i) world.add("g", std::to_string(i));
    world.finish();
    std::vector<std::string> first;
    for (int round = 0; round < 2; ++round) {
        seed = 100;
        std::vector<std::string> taken;
        for (int i = 0; i < 20; ++i) {
            plan();
            taken.push_back(begin());
            answered();
        }
        if (round == 0) first = taken;
        EXPECT_EQ(first, taken);
    }
}

TEST_F(PlanTest, an_answer_that_is_gone_on_from_goes_home) {
    world.add("g", "a");
    world.add("g", "b").order = 2;
    world.add("g", "c").order = 1;
    world.add("h", "d");
    world.finish();
    world.settings().fallbacks.general["g"] = {"h"};
    world.snapshot.config.router.num_retries = 0;
    home = "b";
    for (int i = 0; i < 10; ++i) {
        plan();
        EXPECT_EQ(begin(), "start b");
        answered();
    }
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "fail") << "nobody else knows it";
}

TEST_F(PlanTest, a_model_of_responses_is_asked_for_chat_where_the_plugin_can) {
    Deployment& cannot = world.add("g", "cannot");
    Deployment& can = world.add("g", "can");
    Deployment& embeds = world.add("g", "embeds");
    cannot.mode = can.mode = find_mode("responses");
    embeds.mode = find_mode("embedding");
    can.chat_by_responses = embeds.chat_by_responses = true;
    world.finish();
    for (int i = 0; i < 10; ++i) {
        plan();
        EXPECT_EQ(begin(), "start can");
    }
}

TEST_F(PlanTest, a_timeout_counts_a_thousand_seconds) {
    world.settings().strategy = Strategy::latency_based;
    world.add("g", "d0");
    world.finish();
    plan();
    begin();
    failed(test::error_of(ErrorClass::timeout));
    EXPECT_FLOAT_EQ(world.lanes().latency(lane("g")).get(0), 1000);
}

}  // namespace
}  // namespace patchbay
