// What a configuration says of budgets. Names are LiteLLM's; docs/keys.md and docs/routing.md tell what each does.
// Values only, read from any thread once loaded.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/mail_settings.hpp"
#include "config/place.hpp"

namespace patchbay {

/// One budget: nano-dollars of a period, which is a number and a unit ("30s", "1d", "1mo"); empty = for ever.
struct BudgetConfig {
    std::int64_t max_nano = 0;
    std::string duration;
};
using BudgetConfigs = std::map<std::string, BudgetConfig, std::less<>>;

/// Of `litellm_settings`.
struct BudgetSettings {
    static constexpr int kUnprocessable = 422;

    BudgetConfig proxy;  ///< max_budget, budget_duration: of all calls; 0 = they may spend all
    std::optional<std::int64_t> max_end_user_nano;  ///< max_end_user_budget
    std::string max_end_user_budget_id;
    BudgetConfigs tags;                    ///< tag_budget_config
    int exceeded_status = kUnprocessable;  ///< budget_exceeded_status_code
    PlacedText time_zone;                  ///< timezone: of the days of budgets; empty: UTC
    std::chrono::seconds day_begins{0};    ///< budget_reset_time: behind midnight
};

/// Where alerts are sent: `general_settings.alerting`.
struct AlertSettings {
    std::vector<std::string> webhooks;  ///< addresses that take LiteLLM's events; may hold secrets
    std::vector<std::string> slack;     ///< that take Slack's messages; likewise
    std::string proxy_base_url;         ///< PROXY_BASE_URL, told in Slack's messages and in mails
    MailSettings mail{};                ///< by which those whom an alert concerns are written to
    bool any() const { return !webhooks.empty() || !slack.empty() || mail.any(); }
};

}  // namespace patchbay
