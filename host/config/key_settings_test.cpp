#include "config/key_settings.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(KeySettings, what_is_given_to_keys_users_and_teams_is_read) {
    const auto loaded = load(R"(litellm_settings:
  default_key_generate_params: {max_budget: "1.5", models: small, duration: 30d, metadata: {a: 1}, rpm_limit: null}
  default_internal_user_params:
    user_role: internal_user
    teams: [all, {team_id: led, user_role: admin, max_budget_in_team: 2}]
  default_team_params: {max_budget: 100, team_member_permissions: [/key/generate]}
  default_max_internal_user_budget: 1
  max_internal_user_budget: os.environ/MOST
  internal_user_budget_duration: 30d
)",
                             {{"MOST", "50"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config && loaded.config->litellm.keys);
    const KeySettings& keys = *loaded.config->litellm.keys;
    EXPECT_EQ(boost::json::serialize(keys.default_key),
              R"({"max_budget":1.5E0,"models":["small"],"duration":"30d","metadata":{"a":1}})");
    EXPECT_EQ(
        boost::json::serialize(keys.default_user),
        R"({"user_role":"internal_user","teams":["all",{"team_id":"led","user_role":"admin","max_budget_in_team":2}]})");
    EXPECT_EQ(boost::json::serialize(keys.default_team),
              R"({"max_budget":100,"team_member_permissions":["/key/generate"]})");
    EXPECT_EQ(boost::json::serialize(keys.internal_user),
              R"({"max_budget":50,"budget_duration":"30d"})");
}

TEST(KeySettings, bounds_and_makers_are_read) {
    const auto loaded = load(R"(litellm_settings:
  upperbound_key_generate_params:
    {max_budget: 0.1, tpm_limit: 1000, rpm_limit: 10, max_parallel_requests: 3, budget_duration: 10d, duration: 1mo}
  key_generation_settings:
    team_key_generation: {allowed_team_member_roles: [admin], required_params: [tags]}
    personal_key_generation: {allowed_user_roles: []}
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config && loaded.config->litellm.keys);
    const KeySettings& keys = *loaded.config->litellm.keys;
    EXPECT_EQ(keys.bounds.max_budget_nano, 100'000'000);
    EXPECT_EQ(keys.bounds.tpm_limit, 1000);
    EXPECT_EQ(keys.bounds.rpm_limit, 10);
    EXPECT_EQ(keys.bounds.max_parallel_requests, 3);
    EXPECT_EQ(keys.bounds.budget_duration, "10d");
    EXPECT_EQ(keys.bounds.duration, "1mo");
    EXPECT_THAT(keys.team_keys.roles.value(), ElementsAre("admin"));
    EXPECT_THAT(keys.team_keys.required_params, ElementsAre("tags"));
    EXPECT_THAT(keys.personal_keys.roles.value(), IsEmpty()) << "nobody, not everybody";
    EXPECT_FALSE(load("litellm_settings: {}").config->litellm.keys->team_keys.roles);
}

TEST(KeySettings, a_bound_that_cannot_be_read_keeps_the_configuration_from_being_used) {
    struct Row {
        const char *text, *place, *why;
    };
    const std::string section = "litellm_settings:\n  ";
    for (const Row& row : {
             Row{"upperbound_key_generate_params: 5", "2:35", "expected a mapping"},
             Row{"upperbound_key_generate_params: {max_budget: -1}", "2:48", "a negative number"},
             Row{"upperbound_key_generate_params: {max_budget: lots}", "2:48", "expected a number"},
             Row{"upperbound_key_generate_params: {duration: forever}", "2:46",
                 "a number and a unit"},
             Row{"upperbound_key_generate_params: {rpm_limit: 1.5}", "2:47", "whole number"},
             Row{"upperbound_key_generate_params: {max_budgets: 5}", "2:49", "no bound of keys"},
             Row{"upperbound_key_generate_params: {max_budget: os.environ/NONE}", "2:48", "NONE"},
             Row{"key_generation_settings: [a]", "2:28", "expected a mapping"},
             Row{"key_generation_settings: {personal: {}}", "2:39", "no kind of keys"},
             Row{"key_generation_settings: {personal_key_generation: {allowed_user_roles: [boss]}}",
                 "2:76", "one of proxy_admin"},
             Row{"key_generation_settings: {team_key_generation: {allowed_user_roles: [user]}}",
                 "2:71", "no rule for those who make keys"},
             Row{"default_key_generate_params: {max_budget: [1]}", "2:45", "expected a number"},
             Row{"default_internal_user_params: {user_role: boss}", "2:45", "one of proxy_admin"},
             Row{"default_internal_user_params: {teams: [{user_role: user}]}", "2:42",
                 "mappings with `team_id`"},
             Row{"default_team_params: {budget_duration: 5}", "2:42", "expected text"},
             Row{"max_internal_user_budget: much", "2:29", "expected a number"},
         }) {
        const auto loaded = load(section + row.text + "\n");
        EXPECT_FALSE(loaded.config) << row.text;
        EXPECT_THAT(texts(loaded.problems),
                    ElementsAre(testing::AllOf(HasSubstr(std::string("c.yaml:") + row.place + ":"),
                                               HasSubstr("error"), HasSubstr(row.why))))
            << row.text;
    }
}

TEST(KeySettings, a_default_over_its_bound_is_told_at_its_place) {
    const auto told = [](const std::string& given, const std::string& bound) {
        return problems_of("litellm_settings:\n  upperbound_key_generate_params: " + bound +
                           "\n  default_key_generate_params: " + given + "\n");
    };
    for (const auto& [given, bound] : std::vector<std::pair<const char*, const char*>>{
             {"{max_budget: 100.000000001}", "{max_budget: 100}"},
             {"{tpm_limit: 11}", "{tpm_limit: 10}"},
             {"{rpm_limit: 11}", "{rpm_limit: 10}"},
             {"{max_parallel_requests: 2}", "{max_parallel_requests: 1}"},
             {"{duration: 31d}", "{duration: 30d}"},
             {"{duration: 1mo}", "{duration: 30d}"},
             {"{duration: 30d}", "{duration: 1mo}"},  // February
             {"{budget_duration: 2mo}", "{budget_duration: 1mo}"},
             {"{budget_duration: 25h}", "{budget_duration: 1d}"}}) {
        EXPECT_THAT(
            told(given, bound),
            ElementsAre(testing::AllOf(
                HasSubstr("c.yaml:3:"), HasSubstr("warning: `litellm_settings.default_key_"),
                HasSubstr("is over its bound in `upperbound_key_generate_params`"))))
            << given;
    }
    for (const auto& [given, bound] : std::vector<std::pair<const char*, const char*>>{
             {"{max_budget: 100}", "{max_budget: 100}"},
             {"{max_budget: 0.3}", "{max_budget: 0.30}"},
             {"{max_budget: null}", "{max_budget: 1}"},
             {"{rpm_limit: 100}", "{tpm_limit: 10}"},
             {"{duration: 1mo}", "{duration: 1mo}"},
             {"{duration: 7d}", "{duration: 1w}"},
             {"{models: [a]}", "{max_budget: 1}"}}) {
        EXPECT_THAT(told(given, bound), IsEmpty()) << given;
    }
    EXPECT_TRUE(load("litellm_settings: {default_key_generate_params: {rpm_limit: 2}, "
                     "upperbound_key_generate_params: {rpm_limit: 1}}")
                    .config)
        << "it is no reason not to start";
    EXPECT_THAT(told("{max_budget: lots}", "{max_budget: 1}"), testing::SizeIs(1));
}

TEST(KeySettings, what_is_not_given_to_keys_is_told) {
    EXPECT_THAT(problems_of("litellm_settings: {default_key_generate_params: {prompts: [a]}}"),
                ElementsAre(testing::AllOf(HasSubstr("warning: `litellm_settings.default_key_"),
                                           HasSubstr("is not given to those that are made"))));
    EXPECT_THAT(problems_of("general_settings: {upperbound_key_generate_params: {max_budget: 5}}"),
                ElementsAre(HasSubstr("belongs into `litellm_settings`: ignored, so keys are")));
}

TEST(KeySettings, the_header_of_keys_and_what_service_accounts_must_say_are_read) {
    const auto loaded = load(
        "general_settings: {litellm_key_header_name: X-Gate, service_account_settings: "
        "{enforced_params: [user]}}");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->general.key_header, "X-Gate");
    EXPECT_THAT(loaded.config->general.service_account_params, ElementsAre("user"));
    for (const char* text : {"general_settings: {litellm_key_header_name: 'X Gate'}",
                             "general_settings: {litellm_key_header_name: [x]}",
                             "general_settings: {service_account_settings: [user]}",
                             "general_settings: {service_account_settings: {params: [user]}}"}) {
        EXPECT_FALSE(load(text).config) << text;
    }
}

}  // namespace
}  // namespace patchbay
