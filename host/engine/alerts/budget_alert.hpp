// What is told of a budget when a charge has passed one of its bounds: LiteLLM's event.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/meter/amount.hpp"

namespace patchbay {

/// Owns what it tells. Empty texts and amounts below 0 are null in the event.
struct BudgetAlert {
    enum class Event { soft_budget, fifteen_percent_left, five_percent_left, budget };
    static constexpr meter::Amount kNone = -1;

    Event event = Event::budget;
    std::string_view
        group;          ///< "key", "user", "team", "organization", "customer", "tag"; a literal
    std::string owner;  ///< as people know it, for the message: an alias, else an id
    std::string model;  ///< of this one alone; empty: of all
    meter::Amount spend = 0, max_budget = kNone, soft_budget = kNone;
    std::string token;  ///< the hash of the key
    std::string key_alias, user_id, team_id, team_alias, organization_id, customer_id;
    std::string user_email;  ///< of the user; AlertService asks for it
    std::int64_t at = 0;     ///< microseconds since 1970
};

/// "Key Budget: 5% Threshold Crossed, model gpt-4o": what happened, in a line.
std::string headline_of(const BudgetAlert& alert);

/// The body of a webhook: {"spend", "max_budget", ..., "event": "threshold_crossed", "event_group", "event_message"}.
std::string webhook_body(const BudgetAlert& alert);

/// The body of a message for Slack, and whoever takes its form: {"text": "Alert type: `budget_alerts`..."}.
/// `proxy_url` may be empty.
std::string slack_body(const BudgetAlert& alert, std::string_view proxy_url);

}  // namespace patchbay
