// The periods of budgets: a period is computed from an instant, so nothing has to be reset.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace patchbay::store {

/// Microseconds since 1970; `until` is not within. As it is made: all time.
struct Period {
    std::int64_t from = 0;
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    bool operator==(const Period&) const = default;
};

/// How long a budget lasts, read from LiteLLM's text: "30s", "30m", "30h", "30d", "4w", "1mo". As it is
/// made: for ever.
struct BudgetDuration {
    std::int64_t seconds = 0;  ///< of one period; 0 = it is counted in months, or lasts for ever
    std::int64_t months = 0;

    bool forever() const { return seconds == 0 && months == 0; }
    bool operator==(const BudgetDuration&) const = default;
};

/// nullopt if the text is no duration. The empty text lasts for ever.
std::optional<BudgetDuration> read_budget_duration(std::string_view text);

/// The period that holds an instant, as LiteLLM aligns them, in UTC: months and 30 days begin on the first of
/// a month, 7 days on a Monday, other days at midnight, what is shorter where the clock is a multiple of it.
Period period_of(const BudgetDuration& duration, std::int64_t now_us);

}  // namespace patchbay::store
