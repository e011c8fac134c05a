// The one rule for keys that are not done: what guards is refused, what is left out is told, and
// what asks for nothing is not worth a line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kKey = "general_settings: {master_key: sk-a}\n";

TEST(Losses, a_lock_that_is_not_done_is_an_error_without_a_master_key) {
    for (const char* lock :
         {"custom_auth: door.check", "enable_jwt_auth: true", "enable_oauth2_auth: true",
          "enable_oauth2_proxy_auth: true", "enforce_rbac: true", "role_permissions: [{role: x}]",
          "enable_jwt_auth: \"true\"", "enable_jwt_auth: os.environ/NOT_SET"}) {
        const auto open = load("general_settings:\n  " + std::string(lock) + "\n");
        EXPECT_FALSE(open.config) << lock;
        EXPECT_THAT(texts(open.problems),
                    ElementsAre(AllOf(HasSubstr("c.yaml:2:3: error: `general_settings."),
                                      HasSubstr("master_key"))))
            << lock;
        // The key may stand before or behind it.
        for (const std::string& text :
             {"general_settings:\n  master_key: sk-a\n  " + std::string(lock) + "\n",
              "general_settings:\n  " + std::string(lock) + "\n  master_key: sk-a\n"}) {
            const auto locked = load(text);
            EXPECT_TRUE(locked.config) << text;
            EXPECT_THAT(texts(locked.problems),
                        ElementsAre(AllOf(HasSubstr("warning: `general_settings."),
                                          HasSubstr("only the master key opens"))))
                << text;
        }
    }
}

TEST(Losses, what_a_limit_of_keys_and_users_leaves_open_is_said) {
    struct Row {
        const char *text, *lost;
    };
    for (const Row& row : {
             Row{"general_settings: {custom_key_generate: a.b}", "that it was to refuse"},
             Row{"general_settings: {max_parallel_requests: 10}", "load is not limited"},
             Row{"general_settings: {pass_through_endpoints: [{path: /a, target: b}]}", "served"},
             Row{"general_settings: {key_management_system: aws_kms}", "environment alone"},
             Row{"general_settings: {disable_requester_ip_address_logging: true}", "addresses"},
         }) {
        EXPECT_THAT(problems_of(row.text),
                    ElementsAre(AllOf(HasSubstr("ignored, so "), HasSubstr(row.lost))));
    }
}

TEST(Losses, newer_keys_of_litellm_are_known) {
    EXPECT_THAT(problems_of("general_settings: {allowed_file_extensions: [pdf]}"),
                ElementsAre(HasSubstr("is known to LiteLLM but not done")));
    EXPECT_THAT(problems_of("general_settings: {cancel_on_disconnect: true}"), IsEmpty());
    EXPECT_THAT(problems_of("litellm_settings: {trusted_proxy_ranges: [10.0.0.0/8]}"),
                ElementsAre(HasSubstr("belongs into `general_settings`")));
}

TEST(Losses, a_lock_that_a_key_does_not_replace_is_an_error_with_one) {
    for (const char* text :
         {"general_settings: {master_key: sk-a}\nlitellm_settings: {pre_call_rules: rules.check}",
          "general_settings: {master_key: sk-a}\nlitellm_settings: {blocked_user_list: [u]}",
          "general_settings: {master_key: sk-a}\npolicies: {p: {guardrails: {add: [x]}}}",
          "general_settings: {master_key: sk-a}\nrouter_settings: {guardrail_list: [{a: b}]}"}) {
        const auto loaded = load(text);
        EXPECT_FALSE(loaded.config) << text;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("and without it"))) << text;
    }
}

TEST(Losses, what_asks_for_nothing_is_not_told) {
    EXPECT_THAT(problems_of(R"(litellm_settings:
  set_verbose: false
  json_logs: true
  cache: false
  telemetry: false
  max_budget: 0
  callbacks: []
  cache_params: {}
router_settings:
  routing_strategy: simple-shuffle
  cache_responses: "False"
  fallbacks: []
  set_verbose: true
  disable_cooldowns: true
general_settings:
  master_key: sk-a
  database_url: null
  store_model_in_db: os.environ/STORE
  custom_auth:
  enable_jwt_auth: no
  allowed_ips: []
mcp_servers: {}
)",
                            {{"STORE", "False"}}),
                IsEmpty());
}

TEST(Losses, lost_money_and_records_are_named) {
    EXPECT_THAT(
        problems_of(R"(general_settings:
  master_key: sk-a
  database_url: mysql://h/d
  custom_key_generate: a.b
  alerting: [slack]
litellm_settings:
  max_user_budget: 50
  default_max_tokens: 9
)"),
        ElementsAre(
            HasSubstr("ignored, so keys, teams and spend are not stored"),
            HasSubstr("keys are made and changed that it was to refuse"),
            HasSubstr("no alert is sent"), HasSubstr("so spend is not capped"),
            HasSubstr("`litellm_settings.default_max_tokens` is known to LiteLLM but not done "
                      "by Patchbay yet: ignored")));
}

TEST(Losses, a_key_in_the_wrong_section_is_told_where_it_belongs) {
    EXPECT_THAT(
        problems_of(R"(general_settings:
  master_key: sk-a
  max_budget: 50
  drop_params: true
  success_callback: [langfuse]
  cache: false
litellm_settings:
  model_group_alias: {a: b}
  retry_after: 5
  temperature: 1
callbacks: [otel]
model_list:
  - model_name: m
    api_base: http://h
    litellm_params: {model: demo/echo}
)"),
        ElementsAre(
            "c.yaml:3:3: warning: `general_settings.max_budget` belongs into `litellm_settings`: "
            "ignored, so spend is not capped",
            "c.yaml:4:3: warning: `general_settings.drop_params` belongs into `litellm_settings`: "
            "ignored",
            "c.yaml:5:3: warning: `general_settings.success_callback` belongs into "
            "`litellm_settings`: ignored, so these sinks get no records",
            "c.yaml:8:3: warning: `litellm_settings.model_group_alias` belongs into "
            "`router_settings`: ignored",
            "c.yaml:9:3: warning: `litellm_settings.retry_after` belongs into `router_settings`: "
            "ignored",
            "c.yaml:10:3: warning: `litellm_settings.temperature` belongs into `litellm_params`: "
            "ignored",
            "c.yaml:11:1: warning: `callbacks` belongs into `litellm_settings`: ignored, so these "
            "sinks get no records",
            "c.yaml:14:5: warning: `model_list.api_base` belongs into `litellm_params`: ignored"));
}

TEST(Losses, a_lock_in_the_wrong_place_is_an_error) {
    for (const char* text :
         {"litellm_settings: {master_key: sk-a}", "master_key: sk-a",
          "router_settings: {custom_auth: a.b}", "general_setings: {master_key: sk-a}",
          "general_settings: {mastr_key: sk-a}",
          "general_settings: {master_key: sk-a, guardrails: [{guardrail_name: g}]}",
          "gaurdrails: [{guardrail_name: g}]", "callbacks: [presidio]",
          "general_settings: {success_callback: hide_secrets}",
          "guardrails: [{guardrail_name: g, default_on: true, litellm_params: {guardrail: x, mode: "
          "pre_call}}]",
          // A later section of the same name takes the place of the whole earlier one.
          "general_settings: {master_key: sk-a}\ngeneral_settings: {max_request_size_mb: 5}",
          "guardrails: [{guardrail_name: g, litellm_params: {guardrail: x, mode: pre_call}}]\n"
          "guardrails: []"}) {
        const auto loaded = load(text);
        EXPECT_FALSE(loaded.config) << text;
        EXPECT_THAT(texts(loaded.problems), testing::Contains(HasSubstr(": error: "))) << text;
    }
    // It does no harm where the door is shut already.
    EXPECT_TRUE(load(std::string(kKey) + "litellm_settings: {master_key: sk-b}").config);
    EXPECT_TRUE(load("master_key: sk-b", {{"LITELLM_MASTER_KEY", "sk-a"}}).config);
    EXPECT_TRUE(
        load("general_settings: {master_key: sk-a}\ngeneral_settings: {master_key: sk-b}").config);
}

}  // namespace
}  // namespace patchbay
