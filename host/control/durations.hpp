// LiteLLM's durations ("30s", "30m", "24h", "30d", "1w", "1mo"), by which keys expire. The periods of budgets
// are those of store/period.hpp.
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
/// Microseconds since 1970 of a day or an instant in ISO 8601: "2026-11-28", "2026-11-28 22:39:55",
/// "2026-11-28T22:39:55.123Z", "2026-11-28T22:39+02:00". Without an offset it is in UTC. nullopt for what is none, also
/// if only its beginning is one.
std::optional<std::int64_t> read_time(std::string_view text);

/// "2026-11-28T22:39:55.123456Z".
std::string iso_time(std::int64_t us);

}  // namespace patchbay::control
