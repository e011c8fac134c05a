#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Config config_of(const std::string& yaml, config_test::Variables variables = {}) {
    auto loaded = config_test::load(yaml, std::move(variables));
    for (const Problem& problem : loaded.problems) ADD_FAILURE() << problem.text();
    return loaded.config ? *loaded.config : Config{};
}

TEST(BudgetKeys, whether_customers_are_validated_is_read) {
    const auto loaded = load("litellm_settings: {validate_end_user_id_in_db: true}");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_TRUE(loaded.config->litellm.validate_customers);
    EXPECT_FALSE(load("{}").config->litellm.validate_customers);
}

TEST(BudgetKeys, budgets_of_customers_tags_providers_and_deployments_are_read) {
    const Config config = config_of(R"(litellm_settings:
  max_budget: 100
  budget_duration: 30d
  max_end_user_budget: 0.5
  max_end_user_budget_id: free
  budget_exceeded_status_code: 429
  tag_budget_config: {prod: {max_budget: 10, budget_duration: 1d}}
router_settings:
  provider_budget_config:
    openai: {budget_limit: 100, time_period: 30d}
    azure: {budget_limit: 0.000001}
model_list:
  - model_name: m
    litellm_params: {model: openai/gpt-4o, api_key: k, max_budget: 2.5, budget_duration: 12h}
)");
    const BudgetSettings& budgets = config.litellm.budgets;
    EXPECT_EQ(budgets.proxy.max_nano, 100'000'000'000);
    EXPECT_EQ(budgets.proxy.duration, "30d");
    EXPECT_EQ(budgets.max_end_user_nano, 500'000'000);
    EXPECT_EQ(budgets.max_end_user_budget_id, "free");
    EXPECT_EQ(budgets.exceeded_status, 429);
    EXPECT_EQ(budgets.tags.at("prod").max_nano, 10'000'000'000);
    EXPECT_EQ(budgets.tags.at("prod").duration, "1d");
    EXPECT_EQ(config.router.provider_budgets.at("openai").duration, "30d");
    EXPECT_EQ(config.router.provider_budgets.at("azure").max_nano, 1'000);
    EXPECT_EQ(config.model_list.front().max_budget_nano, 2'500'000'000);
    EXPECT_EQ(config.model_list.front().budget_duration, "12h");
}

TEST(BudgetKeys, when_days_begin_is_read) {
    const Config config =
        config_of("litellm_settings:\n  timezone: Europe/Berlin\n  budget_reset_time: 06:30\n");
    EXPECT_EQ(config.litellm.budgets.time_zone.text, "Europe/Berlin");
    EXPECT_EQ(config.litellm.budgets.time_zone.place.line, 2);
    using std::chrono::seconds;
    EXPECT_EQ(config.litellm.budgets.day_begins, seconds(6 * 3'600 + 30 * 60));
    for (const auto& [text, begins] : std::vector<std::pair<const char*, int>>{
             {"\"23:59:59\"", 86'399}, {"\"0:00\"", 0}, {"\"7:05\"", 25'500}, {"", 0}}) {
        EXPECT_EQ(config_of(std::string("litellm_settings: {budget_reset_time: ") + text + "}")
                      .litellm.budgets.day_begins,
                  seconds(begins))
            << text;
    }
    for (const char* text : {"24:00", "12:60", "\"12\"", "\"12:\"", "\"12:00:\"", "\"12:00:60\"",
                             "\"12: 00\"", "noon", "\"-1:00\"", "\"1:00:00:00\"", "12:00pm"}) {
        EXPECT_THAT(config_test::problems_of(std::string("litellm_settings: {budget_reset_time: ") +
                                             text + "}"),
                    ElementsAre(HasSubstr("a time of the day")))
            << text;
    }
    EXPECT_THAT(config_test::problems_of("litellm_settings: {budget_reset_time: 720}"),
                ElementsAre(HasSubstr("expected text, found a number")));
}

TEST(BudgetKeys, nothing_said_is_no_budget_and_422) {
    const Config config = config_of("litellm_settings: {}");
    EXPECT_FALSE(config.litellm.budgets.max_end_user_nano);
    EXPECT_EQ(config.litellm.budgets.exceeded_status, 422);
    EXPECT_FALSE(config.general.alerts.any());
}

TEST(BudgetKeys, what_is_wrong_is_told_with_its_place) {
    using config_test::problems_of;
    EXPECT_THAT(
        problems_of("litellm_settings: {max_end_user_budget: -1}"),
        ElementsAre(HasSubstr("c.yaml:1:41: error: `litellm_settings.max_end_user_budget`")));
    EXPECT_THAT(problems_of("litellm_settings: {budget_exceeded_status_code: 500}"),
                ElementsAre(HasSubstr("a status from 400 to 499")));
    EXPECT_THAT(
        problems_of("router_settings: {provider_budget_config: {openai: {time_period: 1d}}}"),
        ElementsAre(HasSubstr("openai`: it has no `budget_limit`")));
    EXPECT_THAT(problems_of("router_settings: {provider_budget_config: {openai: {budget_limit: 1, "
                            "time_period: daily}}}"),
                ElementsAre(HasSubstr("expected a number and a unit: 30s, 30m")));
}

TEST(BudgetKeys, headers_that_name_customers_go_in_their_order) {
    const Config config = config_of(R"(general_settings:
  master_key: sk-a
  user_header_name: X-User
  user_header_mappings: [{header_name: X-Customer, litellm_user_role: customer}]
)");
    EXPECT_THAT(config.general.customer_headers, ElementsAre("X-Customer", "X-User"));
    EXPECT_THAT(config_test::problems_of(R"(general_settings:
  master_key: sk-a
  user_header_mappings: [{header_name: X-Me, litellm_user_role: internal_user}, {header_name: X}]
)"),
                ElementsAre(HasSubstr("only the role `customer` is done"),
                            HasSubstr("an entry has `header_name` and `litellm_user_role`")));
}

TEST(BudgetKeys, alerts_go_to_the_addresses_of_the_environment) {
    const std::string yaml = "general_settings: {master_key: sk-a, alerting: [webhook, slack]}";
    const Config config = config_of(yaml, {{"WEBHOOK_URL", "http://a/hook"},
                                           {"SLACK_WEBHOOK_URL", "https://slack/x"},
                                           {"PROXY_BASE_URL", "https://gw"}});
    EXPECT_THAT(config.general.alerts.webhooks, ElementsAre("http://a/hook"));
    EXPECT_THAT(config.general.alerts.slack, ElementsAre("https://slack/x"));
    EXPECT_EQ(config.general.alerts.proxy_base_url, "https://gw");
    EXPECT_THAT(config_test::problems_of(yaml, {{"WEBHOOK_URL", "http://a/hook"}}),
                ElementsAre(HasSubstr("SLACK_WEBHOOK_URL has no address")));
    const Config urls = config_of(
        "general_settings: {master_key: sk-a, alert_to_webhook_url: {budget_alerts: http://s}}");
    EXPECT_THAT(urls.general.alerts.slack, ElementsAre("http://s"));
}

TEST(BudgetKeys, mail_is_handed_in_as_the_environment_says) {
    const std::string yaml = "general_settings: {master_key: sk-a, alerting: [email]}";
    const auto mail = [&](std::map<std::string, std::string> variables) {
        return config_of(yaml, variables).general.alerts.mail;
    };
    const MailSettings least =
        mail({{"SMTP_HOST", "mail.x.org"}, {"SMTP_SENDER_EMAIL", "gw@x.org"}});
    EXPECT_EQ(least.host, "mail.x.org");
    EXPECT_EQ(least.sender, "gw@x.org");
    EXPECT_EQ(least.port, 587);
    EXPECT_TRUE(least.tls && !least.tls_first && least.username.empty());
    const MailSettings all = mail({{"SMTP_HOST", "mail.x.org"},
                                   {"SMTP_SENDER_EMAIL", "gw@x.org"},
                                   {"SMTP_PORT", "465"},
                                   {"SMTP_USERNAME", "me"},
                                   {"SMTP_PASSWORD", "pw"},
                                   {"SMTP_TLS", "False"}});
    EXPECT_EQ(all.username, "me");
    EXPECT_EQ(all.password.reveal(), "pw");
    EXPECT_TRUE(!all.tls && all.tls_first);
    const struct {
        std::map<std::string, std::string> changed;
        const char* why;
    } cases[] = {
        {{{"SMTP_HOST", ""}}, "SMTP_HOST is not set"},
        {{{"SMTP_SENDER_EMAIL", "a@b>\r\nRCPT TO:<c@d"}}, "SMTP_SENDER_EMAIL is no address"},
        {{{"SMTP_PORT", "587x"}}, "SMTP_PORT is no port"},
        {{{"SMTP_PORT", "70000"}}, "SMTP_PORT is no port"},
        {{{"SMTP_USERNAME", "me"}}, "SMTP_USERNAME or SMTP_PASSWORD is not set, and the other is"},
    };
    for (const auto& [changed, why] : cases) {
        std::map<std::string, std::string> variables{{"SMTP_HOST", "mail.x.org"},
                                                     {"SMTP_SENDER_EMAIL", "gw@x.org"}};
        for (const auto& [name, value] : changed) variables[name] = value;
        EXPECT_THAT(config_test::problems_of(yaml, variables), ElementsAre(HasSubstr(why)));
        const auto loaded = config_test::load(yaml, variables);
        EXPECT_TRUE(loaded.config && !loaded.config->general.alerts.any());
    }
}

TEST(BudgetKeys, the_defaults_of_customers_are_those_of_the_other_keys_where_they_say_nothing) {
    const auto loaded = load(R"(litellm_settings:
  default_end_user_params: {max_budget: 0.5, budget_id: small}
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->litellm.budgets.max_end_user_nano, 500'000'000);
    EXPECT_EQ(loaded.config->litellm.budgets.max_end_user_budget_id, "small");
    for (const char* text :
         {"litellm_settings: {max_end_user_budget: 2, max_end_user_budget_id: big, "
          "default_end_user_params: {max_budget: 1, budget_id: small}}",
          "litellm_settings: {default_end_user_params: {max_budget: 1, budget_id: small}, "
          "max_end_user_budget: 2, max_end_user_budget_id: big}"}) {
        const auto both = load(text);
        ASSERT_TRUE(both.config);
        EXPECT_EQ(both.config->litellm.budgets.max_end_user_nano, 2'000'000'000) << text;
        EXPECT_EQ(both.config->litellm.budgets.max_end_user_budget_id, "big") << text;
    }
    const auto monthly =
        load("litellm_settings: {default_end_user_params: {max_budget: 1, budget_duration: 30d}}");
    EXPECT_THAT(texts(monthly.problems), testing::ElementsAre(testing::HasSubstr("/budget/new")));
    ASSERT_TRUE(monthly.config);
    EXPECT_FALSE(monthly.config->litellm.budgets.max_end_user_nano)
        << "a budget of a month is none for ever";
}

}  // namespace
}  // namespace patchbay
