// Plans without a gateway: what stands in when a group fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"
#include "engine/router/plan_fixture.hpp"
#include "engine/surface/request_fallbacks.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::broken;
using test::error_of;
using test::PlanTest;
using testing::HasSubstr;

struct NotH final : FallbackGate {
    bool turn_to(const ModelRoute& route, std::string_view name) override {
        asked.push_back(std::string(name) + " of " + route.group->name);
        return name != "h";
    }
    std::vector<std::string> asked;
};

TEST_F(PlanTest, with_a_fallback_even_a_single_one_rests) {
    world.add("g", "a");
    world.add("h", "b");
    world.finish();
    world.settings().fallbacks.general["g"] = {"h"};
    plan();
    begin();
    EXPECT_EQ(failed(error_of(ErrorClass::rate_limit, 429)), "start b");
    EXPECT_EQ(plan_->fallbacks(), 1);
    EXPECT_EQ(plan_->route().group->name, "h");
    answered();
    plan();
    EXPECT_EQ(begin(), "start b") << "the next call is not sent to what rests";
    EXPECT_EQ(plan_->fallbacks(), 1);
}

TEST_F(PlanTest, who_is_bound_to_models_falls_back_to_those_alone) {
    for (const char* name : {"g", "h", "i"}) world.add(name, std::string("of-") + name);
    world.finish();
    world.settings().fallbacks.general["g"] = {"h", "i"};
    world.snapshot.config.router.num_retries = 0;
    access::SubjectTable subjects;
    const auto key =
        access::test::principal_of(access::test::key_record(R"({"models":["g","i"]})"), subjects);
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "start of-h") << "of all models";
    bound = key.get();
    std::string thought;
    explain = &thought;
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "start of-i");
    EXPECT_THAT(thought, HasSubstr("fallback h is none of the key's models"));
    EXPECT_EQ(plan_->fallbacks(), 1) << "what is passed over is none";
    EXPECT_EQ(failed(broken()), "fail");
}

TEST_F(PlanTest, a_fallback_that_is_beyond_a_limit_of_its_own_is_passed_over) {
    NotH limits;
    for (const char* name : {"g", "h", "i"}) world.add(name, std::string("of-") + name);
    world.finish();
    world.settings().fallbacks.general["g"] = {"h", "i"};
    world.snapshot.config.router.num_retries = 0;
    turning = &limits;
    std::string thought;
    explain = &thought;
    plan();
    EXPECT_EQ(begin(), "start of-g");
    EXPECT_EQ(failed(broken()), "start of-i");
    EXPECT_THAT(thought, HasSubstr("fallback h is beyond a limit of its own"));
    EXPECT_THAT(limits.asked, testing::ElementsAre("h of h", "i of i"));
}

TEST_F(PlanTest, who_is_let_in_only_as_it_costs_nothing_falls_back_to_nothing_that_does) {
    for (const char* name : {"g", "h"}) world.add(name, std::string("of-") + name);
    world.finish();
    world.settings().fallbacks.general["g"] = {"h"};
    world.snapshot.config.router.num_retries = 0;
    only_free = true;
    std::string thought;
    explain = &thought;
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "fail") << "nobody knows what h costs";
    EXPECT_THAT(thought, HasSubstr("fallback h costs something, and a budget is used up"));
}

TEST_F(PlanTest, fallbacks_go_on_from_group_to_group_and_not_in_circles) {
    for (const char* name : {"g", "h", "i"}) world.add(name, std::string("of-") + name);
    world.finish();
    auto& general = world.settings().fallbacks.general;
    general["g"] = {"h"};
    general["h"] = {"g", "i"};
    general["i"] = {"g", "h"};
    world.snapshot.config.router.num_retries = 0;
    plan();
    EXPECT_EQ(begin(), "start of-g");
    Error first = broken();
    first.message = "the first";
    EXPECT_EQ(failed(first), "start of-h");
    EXPECT_EQ(failed(broken()), "start of-i");
    EXPECT_EQ(plan_->fallbacks(), 2);
    EXPECT_EQ(failed(broken()), "fail");
    const std::string text = error();
    EXPECT_THAT(text, HasSubstr("the first. Received Model Group=g\n"
                                "Available Model Group Fallbacks=['h']"));
    EXPECT_THAT(text, HasSubstr("Error doing the fallback: it failed"));
}

// Models of one pattern are models of their own, though they share its deployments.
TEST_F(PlanTest, a_model_of_a_pattern_falls_back_to_another_of_it) {
    world.add("w/*", "w");
    world.finish();
    world.snapshot.wildcards.push_back(std::move(world.snapshot.groups.at("w/*")));
    world.snapshot.groups.clear();
    auto& general = world.settings().fallbacks.general;
    general["w/a"] = {"w/a", "w/b"};
    general["w/b"] = {"w/a", "w/c"};
    world.snapshot.config.router.num_retries = 0;
    plan("w/a");
    EXPECT_EQ(begin(), "start w");
    EXPECT_EQ(plan_->route().requested, "w/a");
    EXPECT_EQ(failed(broken()), "start w");
    EXPECT_EQ(plan_->route().requested, "w/b");
    EXPECT_EQ(failed(broken()), "start w");
    EXPECT_EQ(plan_->route().requested, "w/c");
    EXPECT_EQ(failed(broken()), "fail") << "circles end";
}

TEST_F(PlanTest, a_deployment_that_is_named_by_its_id_may_stand_in_for_its_group) {
    for (const char* id : {"a", "b"}) world.add("g", id);
    world.finish();
    ModelGroup& by_id = world.snapshot.groups["b"];
    by_id.name = "g";
    by_id.by_id = true;
    by_id.deployments = {world.snapshot.deployments.at(1).get()};
    by_id.tables =
        make_group_tables(by_id.deployments, world.snapshot.lanes, world.tables("g").memory, {});
    world.settings().fallbacks.general["g"] = {"b"};
    world.snapshot.config.router.num_retries = 0;
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "start b");
    EXPECT_EQ(plan_->fallbacks(), 1);
    EXPECT_EQ(failed(broken()), "fail");
}

TEST_F(PlanTest, there_are_at_most_so_many_fallbacks) {
    std::vector<std::string> names;
    for (int i = 0; i < 9; ++i) names.push_back("h" + std::to_string(i));
    world.add("g", "a");
    for (const std::string& name : names) world.add(name, "of-" + name);
    world.finish();
    world.settings().fallbacks.general["*"] = names;
    world.snapshot.config.router.num_retries = 0;
    for (const int most : {5, 2, 0}) {
        if (most != 5) world.settings().fallbacks.max = most;
        plan();
        begin();
        while (failed(broken()) != "fail") continue;
        EXPECT_EQ(plan_->fallbacks(), most);
    }
}

TEST_F(PlanTest, each_failure_has_its_list) {
    for (const char* name : {"g", "plain", "long", "lax"}) world.add(name, name);
    world.finish();
    auto& fallbacks = world.settings().fallbacks;
    fallbacks.general["g"] = {"plain"};
    const auto goes = [&](ErrorClass cls) {
        plan();
        begin();
        return failed(error_of(cls));
    };
    EXPECT_EQ(goes(ErrorClass::context_length), "start plain");
    EXPECT_EQ(goes(ErrorClass::bad_request), "start plain");
    fallbacks.context_window["g"] = {"long"};
    fallbacks.content_policy["other"] = {"lax"};
    EXPECT_EQ(goes(ErrorClass::context_length), "start long");
    EXPECT_EQ(goes(ErrorClass::content_policy), "fail") << "some group has one, this one has none";
    EXPECT_EQ(goes(ErrorClass::not_found), "start plain");
}

TEST_F(PlanTest, a_request_names_its_own_or_none) {
    for (const char* name : {"g", "plain", "mine"}) world.add(name, name);
    world.finish();
    world.settings().fallbacks.general["g"] = {"plain"};
    auto own = std::make_shared<RequestFallbacks>();
    own->list = {"missing", "mine"};
    options.fallbacks = own;
    plan();
    begin();
    EXPECT_EQ(failed(error_of(ErrorClass::bad_request)), "start mine");
    EXPECT_EQ(plan_->fallbacks(), 1) << "what does not exist is passed over";
    options.fallbacks = nullptr;
    options.disable_fallbacks = true;
    plan();
    begin();
    EXPECT_EQ(failed(error_of(ErrorClass::bad_request)), "fail");
}

TEST_F(PlanTest, a_fallback_does_not_pass_guardrails_by) {
    world.add("g", "a");
    world.add("h", "b");
    world.snapshot.groups["h"].guardrails = {"pii"};
    world.finish();
    world.settings().fallbacks.general["g"] = {"h"};
    plan();
    begin();
    EXPECT_EQ(failed(error_of(ErrorClass::bad_request)), "fail");
}

TEST_F(PlanTest, retries_have_a_budget_and_fallbacks_take_nothing_of_it) {
    world.add("g", "a");
    world.add("g", "b");
    world.add("h", "c");
    world.finish();
    world.settings().disable_cooldowns = true;
    world.settings().fallbacks.general["g"] = {"h"};
    world.snapshot.config.router.num_retries = 1;
    int retries = 0;
    for (int i = 0; i < 1'000; ++i) {
        plan();
        begin();
        failed(broken());
        retries += plan_->fallbacks() == 0;
    }
    EXPECT_NEAR(retries, 600, 101) << "100 and half of the calls";
}

TEST_F(PlanTest, mock_failures_lead_where_real_ones_do) {
    for (const char* name : {"g", "plain", "long", "lax"}) world.add(name, name);
    world.finish();
    auto& fallbacks = world.settings().fallbacks;
    fallbacks.general["g"] = {"plain"};
    fallbacks.context_window["g"] = {"long"};
    fallbacks.content_policy["g"] = {"lax"};
    struct Row {
        MockFailure failure;
        std::string taken;
    };
    for (const Row& row :
         {Row{MockFailure::fallbacks, "start plain"},
          Row{MockFailure::context_window, "start long"},
          Row{MockFailure::content_policy, "start lax"}, Row{MockFailure::rate_limit, "start g"}}) {
        options.mock_failure = row.failure;
        plan();
        EXPECT_EQ(begin(), row.taken);
    }
    EXPECT_EQ(plan_->retries(), 1);
    fallbacks = {};
    options.mock_failure = MockFailure::fallbacks;
    plan();
    EXPECT_EQ(begin(), "fail");
    EXPECT_THAT(error(), HasSubstr("This is a mock exception"));
}

TEST_F(PlanTest, a_mocked_rate_limit_is_retried_as_a_real_one_may_be) {
    for (const char* name : {"g", "h"}) world.add(name, name);
    world.finish();
    world.settings().fallbacks.general["g"] = {"h"};
    options.mock_failure = MockFailure::rate_limit;
    plan();
    EXPECT_EQ(begin(), "start g");
    EXPECT_EQ(plan_->retries(), 1);
    EXPECT_EQ(plan_->max_retries(), 2);
    options.num_retries = 0;
    plan();
    EXPECT_EQ(begin(), "start h") << "without retries that is the end of the group";
    options.num_retries.reset();
    world.settings().retry_policy.of[static_cast<std::size_t>(PolicyClass::rate_limit)] = 0;
    options.disable_fallbacks = true;
    plan();
    EXPECT_EQ(begin(), "fail");
    EXPECT_EQ(plan_->take_error().status(), 429);
}

TEST_F(PlanTest, an_empty_list_of_the_request_is_no_fallbacks) {
    for (const char* name : {"g", "h", "long"}) world.add(name, name);
    world.finish();
    world.settings().fallbacks.general["*"] = {"h"};
    world.settings().fallbacks.context_window["g"] = {"long"};
    world.snapshot.config.router.num_retries = 0;
    auto own = std::make_shared<RequestFallbacks>();
    own->no_general = true;
    options.fallbacks = own;
    plan();
    begin();
    EXPECT_EQ(failed(broken()), "fail");
    plan();
    begin();
    EXPECT_EQ(failed(error_of(ErrorClass::context_length, 400)), "start long");
}

// The name of an alias or of a pattern's model has a policy of its own.
TEST_F(PlanTest, a_retry_policy_is_of_the_name_that_was_asked_for) {
    world.add("g", "a");
    world.finish();
    world.snapshot.groups["nick"] = world.snapshot.groups.at("g");
    world.settings().disable_cooldowns = true;
    FailurePolicy none;
    none.of[static_cast<std::size_t>(PolicyClass::internal_server)] = 0;
    world.settings().group_retry_policy["nick"] = none;
    plan("nick");
    begin();
    EXPECT_EQ(failed(broken()), "fail");
    plan("g");
    begin();
    EXPECT_EQ(failed(broken()), "wait");
}

TEST_F(PlanTest, an_explanation_has_every_step) {
    world.add("g", "a");
    world.add("g", "b").order = 9;
    world.add("h", "c");
    world.finish();
    world.settings().fallbacks.general["g"] = {"gone", "h"};
    world.snapshot.config.router.num_retries = 0;
    std::string text;
    explain = &text;
    plan();
    begin();
    failed(error_of(ErrorClass::rate_limit, 429));
    failed(broken());
    failed(broken());
    EXPECT_THAT(text, HasSubstr("g: 1 of 2 [a of another order] -> b; failed: rate limit 429, "
                                "rests 5000 ms; g: 1 of 2 [b rests 5000 ms] -> a; failed: "));
    EXPECT_THAT(text, HasSubstr("fallback gone does not exist; falls back to h; h: 1 of 1 -> c"));
    EXPECT_LE(text.size(), Trace::kMost + 2);
}

}  // namespace
}  // namespace patchbay
