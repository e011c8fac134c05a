#include "config/routing.hpp"

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

RoutingSettings routing(const std::string& yaml) {
    auto loaded = load(yaml);
    for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.text();
    return loaded.config ? loaded.config->router.routing : RoutingSettings{};
}

TEST(Routing, nothing_said_is_litellms_defaults) {
    const RoutingSettings r = routing("router_settings: {}");
    EXPECT_EQ(r.strategy, Strategy::simple_shuffle);
    EXPECT_THAT(r.fallbacks.general, IsEmpty());
    EXPECT_FALSE(r.cooldown_time || r.fallbacks.allowed_fails || r.allowed_fails_policy);
    EXPECT_TRUE(r.tag_match_any);
    EXPECT_FALSE(r.tag_filtering || r.pre_call_checks || r.disable_cooldowns || r.hedges());
}

TEST(Routing, every_key_is_read) {
    const RoutingSettings r = routing(R"(router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: {ttl: 60, lowest_latency_buffer: 0.5}
  fallbacks: [{a: [b, c]}, {d: e}]
  context_window_fallbacks: [{a: [long]}]
  content_policy_fallbacks: [{a: [lax]}]
  default_fallbacks: [z]
  max_fallbacks: 3
  allowed_fails: 2
  allowed_fails_policy: {RateLimitErrorAllowedFails: 9}
  retry_policy: {TimeoutErrorRetries: 3, InternalServerErrorRetries: 4}
  model_group_retry_policy: {a: {BadRequestErrorRetries: 1}}
  cooldown_time: 30
  disable_cooldowns: true
  enable_tag_filtering: true
  tag_filtering_match_any: false
  enable_pre_call_checks: true
  optional_pre_call_checks: [enforce_model_rate_limits, prompt_caching, session_affinity, deployment_affinity]
  deployment_affinity_ttl_seconds: 60
  default_max_parallel_requests: 7
  default_priority: 9
  polling_interval: 0.01
  patchbay:
    allow_mock_testing: true
    queue: {calls: 5, timeout: 2.5}
    hedge: true
    groups: {a: {hedge: {share: 0.05}}, b: {hedge: false}, c: {hedge: {}}, d: {}}
)");
    EXPECT_EQ(r.hedge_share("a"), 0.05);
    EXPECT_EQ(r.hedge_share("b"), 0);
    EXPECT_TRUE(r.hedges());
    EXPECT_EQ(r.hedge_share("c"), 0.02);
    EXPECT_EQ(r.hedge_share("d"), 0.02);
    EXPECT_EQ(r.hedge_share("others"), 0.02);
    EXPECT_EQ(r.strategy, Strategy::latency_based);
    EXPECT_EQ(r.latency_ttl, milliseconds(60'000));
    EXPECT_EQ(r.latency_buffer, 0.5);
    EXPECT_THAT(r.fallbacks.general,
                ElementsAre(Pair("*", ElementsAre("z")), Pair("a", ElementsAre("b", "c")),
                            Pair("d", ElementsAre("e"))));
    EXPECT_THAT(r.fallbacks.context_window, ElementsAre(Pair("a", ElementsAre("long"))));
    EXPECT_THAT(r.fallbacks.content_policy, ElementsAre(Pair("a", ElementsAre("lax"))));
    EXPECT_EQ(r.fallbacks.max, 3);
    EXPECT_EQ(r.fallbacks.allowed_fails, 2);
    EXPECT_EQ(r.allowed_fails_policy->find(PolicyClass::rate_limit), 9);
    EXPECT_EQ(r.retry_policy.find(PolicyClass::timeout), 3);
    EXPECT_EQ(r.retry_policy.find(PolicyClass::internal_server), 4);
    EXPECT_EQ(r.retry_policy.find(PolicyClass::rate_limit), std::nullopt);
    EXPECT_EQ(r.group_retry_policy.at("a").find(PolicyClass::bad_request), 1);
    EXPECT_EQ(r.cooldown_time, milliseconds(30'000));
    EXPECT_EQ(r.max_parallel, 7);
    EXPECT_EQ(r.default_priority, 9);
    EXPECT_EQ(r.queue.calls, 5);
    EXPECT_EQ(r.queue.timeout, milliseconds(2'500));
    EXPECT_TRUE(r.queue.rates);
    EXPECT_TRUE(r.affinity.prompt && r.affinity.session && r.affinity.key);
    EXPECT_EQ(r.affinity.ttl, std::chrono::seconds(60));
    EXPECT_FALSE(r.tag_match_any);
    EXPECT_TRUE(r.disable_cooldowns && r.tag_filtering && r.pre_call_checks &&
                r.enforce_rate_limits && r.allow_mock_testing);
}

TEST(Routing, a_share_for_second_attempts_is_one) {
    EXPECT_THAT(problems_of("router_settings: {patchbay: {hedge: {share: 2}}}"),
                ElementsAre(HasSubstr("a share is over 0 and at most 1")));
    EXPECT_THAT(problems_of("router_settings: {patchbay: {hedge: {part: 1}}}"),
                ElementsAre(HasSubstr("part")));
}

TEST(Routing, litellm_settings_may_say_it_too_and_router_settings_go_first) {
    const RoutingSettings r = routing(R"(litellm_settings:
  fallbacks: [{a: [from-litellm]}]
  default_fallbacks: [everywhere]
  context_window_fallbacks: [{a: [long]}]
  allowed_fails: 4
  max_fallbacks: 1
router_settings:
  fallbacks: [{a: [from-router]}]
  allowed_fails: 5
)");
    EXPECT_THAT(r.fallbacks.general, ElementsAre(Pair("*", ElementsAre("everywhere")),
                                                 Pair("a", ElementsAre("from-router"))));
    EXPECT_THAT(r.fallbacks.context_window, ElementsAre(Pair("a", ElementsAre("long"))));
    EXPECT_EQ(r.fallbacks.allowed_fails, 5);
    EXPECT_EQ(r.fallbacks.max, 1);
}

TEST(Routing, what_is_of_another_form_is_refused) {
    EXPECT_THAT(problems_of("router_settings: {fallbacks: [{a: [b], c: [d]}]}"),
                ElementsAre(HasSubstr("expected a mapping with one key")));
    EXPECT_THAT(problems_of("litellm_settings: {fallbacks: [a]}"),
                ElementsAre(HasSubstr("expected a mapping with one key")));
    EXPECT_THAT(problems_of("router_settings: {routing_strategy: fastest}"),
                ElementsAre(HasSubstr("error: `router_settings.routing_strategy`: there is no "
                                      "such strategy; there are: simple-shuffle, ")));
    EXPECT_THAT(problems_of("router_settings: {retry_policy: {TimeoutRetries: 1}}"),
                ElementsAre(HasSubstr("this key is not known")));
}

TEST(Routing, numbers_of_a_queue_have_bounds) {
    EXPECT_THAT(problems_of("router_settings: {patchbay: {queue: {calls: 0}}}"),
                ElementsAre(HasSubstr("expected 1 to 100000 calls")));
    EXPECT_THAT(problems_of("router_settings: {default_priority: 256}"),
                ElementsAre(HasSubstr("a priority is from 0 to 255")));
    EXPECT_THAT(problems_of("router_settings: {deployment_affinity_ttl_seconds: 0}"),
                ElementsAre(HasSubstr("expected 1 to 2592000 seconds")));
    const RoutingSettings r = routing("router_settings: {patchbay: {queue: true}}");
    EXPECT_TRUE(r.queue.rates);
    EXPECT_EQ(r.queue.calls, 1000);
    EXPECT_FALSE(r.affinity.any());
}

TEST(Routing, what_is_not_done_yet_is_told) {
    EXPECT_THAT(problems_of("router_settings: {routing_strategy: provider-budget-routing}"),
                ElementsAre(HasSubstr("simple-shuffle is taken")));
    EXPECT_THAT(
        problems_of("router_settings: {optional_pre_call_checks: [encrypted_content_affinity]}"),
        ElementsAre(HasSubstr("'encrypted_content_affinity' is not done")));
    EXPECT_THAT(problems_of("router_settings: {fallbacks: [{a: [{model: b, temperature: 0}]}]}"),
                ElementsAre(HasSubstr("a fallback with parameters of its own is not done yet")));
}

TEST(Routing, a_fallback_may_be_a_mapping_of_its_model_alone) {
    const RoutingSettings r = routing(
        "router_settings: {fallbacks: [{a: [{model: b}, c]}], enable_weighted_failover: true}");
    EXPECT_THAT(r.fallbacks.general, ElementsAre(Pair("a", ElementsAre("b", "c"))));
}

TEST(Routing, deployments_have_an_order_tags_and_limits) {
    const auto loaded = load(R"(model_list:
  - model_name: m
    litellm_params: {model: p/m, order: 2, tags: [free, eu], max_parallel_requests: 3, cooldown_time: 1.5}
)");
    EXPECT_THAT(loaded.problems, IsEmpty());
    const DeploymentConfig& d = loaded.config->model_list.at(0);
    EXPECT_EQ(d.order, 2);
    EXPECT_THAT(d.tags, ElementsAre("free", "eu"));
    EXPECT_EQ(d.max_parallel_requests, 3);
    EXPECT_EQ(d.cooldown_time, milliseconds(1500));
    EXPECT_TRUE(d.params.empty());
}

}  // namespace
}  // namespace patchbay
