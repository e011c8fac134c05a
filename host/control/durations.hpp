// LiteLLM's durations ("30s", "30m", "24h", "30d", "1w", "1mo") and the periods of budgets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::control {

struct Duration {
    std::int64_t count = 0;  ///< at least 1
    char unit = 's';         ///< s, m, h, d, w, or M for months
};

/// nullopt if the text is no duration.
std::optional<Duration> read_duration(std::string_view text);
/// `from`, microseconds since 1970, and the duration: months are those of the calendar, with the day cut to
/// the month's last.
std::int64_t after(std::int64_t from, const Duration& duration);
/// When the period of a budget ends in which `now` lies: whole days at midnight UTC, 7d on Mondays, 30d and
/// months on the first, shorter ones where the clock is a multiple.
std::int64_t period_end(std::int64_t now, const Duration& duration);

/// "2026-11-28T22:39:55.123456Z".
std::string iso_time(std::int64_t us);

}  // namespace patchbay::control
