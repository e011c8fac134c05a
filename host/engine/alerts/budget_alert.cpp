#include "engine/alerts/budget_alert.hpp"

#include <array>
#include <ctime>

#include <boost/json/object.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

struct Words {
    BudgetAlert::Event event;
    std::string_view name;     ///< LiteLLM's
    std::string_view message;  ///< behind whose budget it is
    std::string_view level;
};
constexpr auto kWords = std::to_array<Words>({
    {BudgetAlert::Event::soft_budget, "soft_budget_crossed", "Soft Budget Crossed", "Medium"},
    {BudgetAlert::Event::fifteen_percent_left, "threshold_crossed", "15% Threshold Crossed",
     "Medium"},
    {BudgetAlert::Event::five_percent_left, "threshold_crossed", "5% Threshold Crossed", "High"},
    {BudgetAlert::Event::budget, "budget_crossed", "Budget Crossed", "High"},
});

const Words& words_of(BudgetAlert::Event event) {
    for (const Words& row : kWords) {
        if (row.event == event) return row;
    }
    return kWords.back();
}

struct GroupWords {
    std::string_view group, words;
};
constexpr auto kGroups = std::to_array<GroupWords>({
    {"key", "Key Budget: "},
    {"user", "User Budget: "},
    {"team", "Team Budget: "},
    {"team_member", "Team Member Budget: "},
    {"organization", "Organization Budget: "},
    {"customer", "End User Budget: "},
    {"tag", "Tag Budget: "},
});

std::string dollars(meter::Amount amount) {
    return std::string(meter::dollars(amount).view());
}

std::string message_of(const BudgetAlert& alert) {
    const bool soft = alert.event == BudgetAlert::Event::soft_budget;
    const meter::Amount total = soft ? alert.soft_budget : alert.max_budget;
    return headline_of(alert) + (soft ? "\n Total Soft Budget:`" : "\n Total Budget:`") +
           dollars(total) + "`";
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
}
json::value money_or_null(meter::Amount amount) {
    return amount < 0 ? json::value() : json_tree::number_from(meter::dollars(amount).view());
}

json::object event_of(const BudgetAlert& alert) {
    return {{"spend", money_or_null(alert.spend)},
            {"max_budget", money_or_null(alert.max_budget)},
            {"soft_budget", money_or_null(alert.soft_budget)},
            {"token", text_or_null(alert.token)},
            {"customer_id", text_or_null(alert.customer_id)},
            {"user_id", text_or_null(alert.user_id)},
            {"team_id", text_or_null(alert.team_id)},
            {"team_alias", text_or_null(alert.team_alias)},
            {"organization_id", text_or_null(alert.organization_id)},
            {"user_email", text_or_null(alert.user_email)},
            {"key_alias", text_or_null(alert.key_alias)},
            {"projected_exceeded_date", nullptr},
            {"projected_spend", nullptr},
            {"event", words_of(alert.event).name},
            {"event_group", alert.group},
            {"event_message", message_of(alert)}};
}

std::string time_of_day(std::int64_t at) {
    const auto time = static_cast<std::time_t>(at / 1'000'000);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 16> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%H:%M:%S", &parts)};
}

}  // namespace

std::string headline_of(const BudgetAlert& alert) {
    std::string text;
    for (const GroupWords& row : kGroups) {
        if (row.group == alert.group) text = row.words;
    }
    text += words_of(alert.event).message;
    if (!alert.model.empty()) text += ", model " + alert.model;
    return text;
}

std::string webhook_body(const BudgetAlert& alert) {
    return json_tree::write(event_of(alert));
}

std::string slack_body(const BudgetAlert& alert, std::string_view proxy_url) {
    std::string text = "Alert type: `budget_alerts`\nLevel: `";
    text.append(words_of(alert.event).level)
        .append("`\nTimestamp: `")
        .append(time_of_day(alert.at));
    text.append("`\n\nMessage: ").append(message_of(alert));
    if (!alert.owner.empty())
        text.append("\n*").append(alert.group).append(":* `") += alert.owner + "`";
    text.append("\n*spend:* `").append(dollars(alert.spend)).append("`");
    if (!proxy_url.empty()) text.append("\n\nProxy URL: `").append(proxy_url).append("`");
    return json_tree::write(json::object{{"text", text}});
}

}  // namespace patchbay
