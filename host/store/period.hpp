// Days, and the periods of budgets: a period is computed from an instant, so nothing has to be reset.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
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

/// A time zone. Instants and what its clocks show are microseconds since 1970. Any thread. The gateway's is app/time_zone.hpp;
/// the client library, which has these rooms but no budgets with days, links no table of time zones.
class Zone {
  public:
    virtual ~Zone() = default;
    virtual std::int64_t shown(std::int64_t instant) const = 0;
    /// When the clocks show this: the first time where they do so twice, the end of the gap where they never do.
    virtual std::int64_t first(std::int64_t shown) const = 0;
};

/// When the days of budgets begin: LiteLLM's `timezone` and `budget_reset_time`.
struct BudgetDays {
    std::shared_ptr<const Zone> zone;  ///< nullptr: UTC
    std::int64_t begin = 0;            ///< microseconds behind midnight
};

/// The period that holds an instant, as LiteLLM aligns them: months and 30 days begin with the first day of a month,
/// 7 days on a Monday, other days with a day, what is shorter where the clock is a multiple of it.
Period period_of(const BudgetDuration& duration, std::int64_t now_us, const BudgetDays& days);

/// Likewise by the days of this process. Any thread.
Period period_of(const BudgetDuration& duration, std::int64_t now_us);
/// Says which those are; before, they begin at midnight in UTC. A period that is under way where it was computed
/// keeps its end. Any thread.
void set_budget_days(BudgetDays days);

/// 2026-11-28, of a day that is counted from 1970.
std::string date_of(std::int64_t day);

}  // namespace patchbay::store
