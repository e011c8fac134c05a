#include "config/routing_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

std::string groups(const std::string& entries) {
    return "router_settings:\n  routing_strategy: least-busy\n  routing_groups: [" + entries +
           "]\n";
}

RouterSettings router(const std::string& yaml) {
    auto loaded = load(yaml);
    for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.text();
    return loaded.config ? loaded.config->router : RouterSettings{};
}

TEST(RoutingGroups, every_key_is_read) {
    const RouterSettings r = router(
        groups("{group_name: fast, models: [a, b, a], routing_strategy: latency-based-routing, "
               "routing_strategy_args: {ttl: 60, lowest_latency_buffer: 0.5}},"
               "{group_name: tiers, models: [a, c], routing_strategy: priority, "
               "model_priorities: {a: 2, c: 1}}"));
    ASSERT_EQ(routing_groups(r).size(), 2u);
    const RoutingGroup& fast = routing_groups(r).at(0);
    EXPECT_EQ(fast.name, "fast");
    EXPECT_EQ(fast.models.size(), 2u) << "each model once";
    EXPECT_TRUE(fast.has("a") && fast.has("b") && !fast.has("c"));
    EXPECT_EQ(fast.strategy.strategy, Strategy::latency_based);
    EXPECT_EQ(fast.strategy.latency_ttl, milliseconds(60'000));
    EXPECT_EQ(fast.strategy.latency_buffer, 0.5);
    EXPECT_FALSE(fast.by_priority());
    const RoutingGroup& tiers = routing_groups(r).at(1);
    EXPECT_TRUE(tiers.by_priority());
    EXPECT_THAT(tiers.priorities, ElementsAre(Pair("a", 2), Pair("c", 1)));
    EXPECT_THAT(routing_groups(router("router_settings: {}")), IsEmpty());
}

TEST(RoutingGroups, a_model_has_the_strategy_of_its_group_and_else_that_of_all) {
    const RouterSettings r =
        router(groups("{group_name: tiers, models: [c], routing_strategy: priority, "
                      "model_priorities: {c: 1}},"
                      "{group_name: cheap, models: [a], routing_strategy: cost-based-routing}"));
    const auto of = [&](const char* model) {
        return own_routing(r, model).strategy_or(r.routing).strategy;
    };
    EXPECT_EQ(of("a"), Strategy::cost_based);
    EXPECT_EQ(of("b"), Strategy::least_busy);
    EXPECT_EQ(of("c"), Strategy::least_busy) << "priorities are for calls of the group's name";
    EXPECT_EQ(routing_group_of(r, "a")->name, "cheap");
    EXPECT_EQ(routing_group_of(r, "c"), nullptr);
    const auto is_cost = [](Strategy strategy) { return strategy == Strategy::cost_based; };
    EXPECT_TRUE(any_strategy(r, is_cost));
    EXPECT_FALSE(any_strategy(r, [](Strategy s) { return s == Strategy::p2c_ewma; }));
}

TEST(RoutingGroups, what_litellm_refuses_is_refused_with_its_place) {
    const auto only = [](const std::string& entries) {
        const auto found = problems_of(groups(entries));
        EXPECT_EQ(found.size(), 1u) << entries;
        return found.empty() ? "" : found.front();
    };
    const std::string one = "{group_name: x, models: [a], routing_strategy: least-busy}";
    EXPECT_THAT(only("{models: [a], routing_strategy: least-busy}"),
                HasSubstr("c.yaml:3:20: error: `router_settings.routing_groups`: a group has no "
                          "`group_name`"));
    EXPECT_THAT(only("{group_name: default, models: [a], routing_strategy: least-busy}"),
                HasSubstr("'default': that is LiteLLM's name of all that is in no group"));
    EXPECT_THAT(only(one + "," + one), HasSubstr("error: `router_settings.routing_groups` 'x': "
                                                 "another group has this name"));
    EXPECT_THAT(
        only(one + ", {group_name: y, models: [b, a], routing_strategy: least-busy}"),
        HasSubstr("error: `router_settings.routing_groups` 'y': 'a' is in the group 'x', too"));
    EXPECT_THAT(only("{group_name: x, models: [a], routing_strategy: fastest}"),
                HasSubstr("error: `router_settings.routing_groups.routing_strategy`: there is no "
                          "such strategy; there are: simple-shuffle, "));
    EXPECT_THAT(only("{group_name: x, models: [a]}"),
                HasSubstr("'x': it has no `routing_strategy`"));
    EXPECT_THAT(only("{group_name: 'x/*', models: [a], routing_strategy: least-busy}"),
                HasSubstr("a name with a '*' is a pattern's"));
    EXPECT_THAT(only("x"), HasSubstr("an entry of `router_settings.routing_groups`"));
    EXPECT_THAT(only("{group_name: x, models: [a], routing_strategy: lar1}"),
                HasSubstr("'lar1' is known to LiteLLM but not done by Patchbay yet"));
    EXPECT_THAT(only("{group_name: x, models: [a], routing_strategy: least-busy, model: a}"),
                HasSubstr("warning: `router_settings.routing_groups.model` is not a known key"));
}

TEST(RoutingGroups, priorities_are_of_the_models_of_the_group) {
    const auto only = [](const std::string& rest) {
        const auto found = problems_of(groups("{group_name: x, " + rest + "}"));
        EXPECT_EQ(found.size(), 1u) << rest;
        return found.empty() ? "" : found.front();
    };
    EXPECT_THAT(
        only("models: [a, b], routing_strategy: priority, model_priorities: {a: 1}"),
        HasSubstr("error: `router_settings.routing_groups` 'x': `model_priorities` must name"));
    EXPECT_THAT(only("models: [a], routing_strategy: priority"),
                HasSubstr("`model_priorities` must name"));
    EXPECT_THAT(only("models: [a], routing_strategy: priority, model_priorities: {a: 1, b: 2}"),
                HasSubstr("`model_priorities` must name"));
    EXPECT_THAT(only("models: [a], routing_strategy: least-busy, model_priorities: {a: 1}"),
                HasSubstr("`model_priorities` are for `routing_strategy: priority`"));
    EXPECT_THAT(only("models: [a, a], routing_strategy: priority, model_priorities: {a: 1}"),
                HasSubstr("'a' stands twice"));
    EXPECT_THAT(only("models: [], routing_strategy: priority, model_priorities: {}"),
                HasSubstr("it has no `models`"));
    EXPECT_THAT(only("models: [a], routing_strategy: priority, model_priorities: {a: 1}, "
                     "routing_strategy_args: {ttl: 1}"),
                HasSubstr("has no `routing_strategy_args`"));
    EXPECT_THAT(problems_of(groups("{group_name: x, models: [a], routing_strategy: priority, "
                                   "model_priorities: {a: 0}}")),
                testing::Contains(HasSubstr("a priority is 1 or more")));
}

TEST(RoutingGroups, affinity_of_a_group_is_its_own) {
    const RouterSettings r = router(R"(router_settings:
  optional_pre_call_checks: [prompt_caching, session_affinity]
  deployment_affinity_ttl_seconds: 60
  model_group_affinity_config:
    a: [deployment_affinity]
    b: []
)");
    const auto of = [&](const char* model) { return own_routing(r, model).affinity_or(r.routing); };
    EXPECT_TRUE(of("a").key && of("a").prompt && !of("a").session);
    EXPECT_EQ(of("a").ttl, std::chrono::seconds(60));
    EXPECT_TRUE(!of("b").key && of("b").prompt && !of("b").session);
    EXPECT_TRUE(of("c").session && of("c").prompt && !of("c").key);
    EXPECT_THAT(
        problems_of("router_settings: {model_group_affinity_config: {a: [prompt_caching]}}"),
        ElementsAre(HasSubstr("'prompt_caching' is not done for one group: ignored")));
}

}  // namespace
}  // namespace patchbay
