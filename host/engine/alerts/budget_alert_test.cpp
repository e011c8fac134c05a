#include "engine/alerts/budget_alert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::HasSubstr;

BudgetAlert alert_of(BudgetAlert::Event event) {
    BudgetAlert alert;
    alert.event = event;
    alert.group = "team";
    alert.owner = "Red";
    alert.spend = 90'500'000'000;
    alert.max_budget = 100'000'000'000;
    alert.team_id = "red";
    alert.team_alias = "Red";
    alert.at = 1'795'907'153'000'000;
    return alert;
}

TEST(BudgetAlert, a_webhook_gets_litellms_event) {
    EXPECT_EQ(
        webhook_body(alert_of(BudgetAlert::Event::five_percent_left)),
        R"({"spend":90.5,"max_budget":100,"soft_budget":null,"token":null,"customer_id":null,)"
        R"("user_id":null,"team_id":"red","team_alias":"Red","organization_id":null,)"
        R"("user_email":null,"key_alias":null,"projected_exceeded_date":null,)"
        R"("projected_spend":null,"event":"threshold_crossed","event_group":"team",)"
        R"("event_message":"Team Budget: 5% Threshold Crossed\n Total Budget:`100`"})");
}

TEST(BudgetAlert, each_bound_has_its_words) {
    struct Row {
        BudgetAlert::Event event;
        const char *name, *message;
    };
    for (const Row& row : {
             Row{BudgetAlert::Event::soft_budget, "soft_budget_crossed",
                 "Soft Budget Crossed\\n Total Soft Budget:`50`"},
             Row{BudgetAlert::Event::fifteen_percent_left, "threshold_crossed",
                 "15% Threshold Crossed\\n Total Budget:`100`"},
             Row{BudgetAlert::Event::budget, "budget_crossed",
                 "Budget Crossed, model m\\n Total Budget:`100`"},
         }) {
        BudgetAlert alert = alert_of(row.event);
        alert.soft_budget = 50'000'000'000;
        if (row.event == BudgetAlert::Event::budget) alert.model = "m";
        EXPECT_THAT(webhook_body(alert), HasSubstr(row.message));
        EXPECT_THAT(webhook_body(alert), HasSubstr(row.name));
    }
}

TEST(BudgetAlert, slack_gets_a_text) {
    EXPECT_EQ(slack_body(alert_of(BudgetAlert::Event::budget), "https://gw"),
              R"({"text":"Alert type: `budget_alerts`\nLevel: `High`\nTimestamp: `23:05:53`\n\n)"
              R"(Message: Team Budget: Budget Crossed\n Total Budget:`100`\n*team:* `Red`\n)"
              R"(*spend:* `90.5`\n\nProxy URL: `https://gw`"})");
}

}  // namespace
}  // namespace patchbay
