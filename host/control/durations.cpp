#include "control/durations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace patchbay::control {

namespace {

using namespace std::chrono;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr std::int64_t kMaxCount = 100'000;  ///< of any unit: centuries, and far from an overflow

std::int64_t seconds_of(char unit) {
    switch (unit) {
        case 'm':
            return 60;
        case 'h':
            return 3'600;
        case 'd':
            return 86'400;
        case 'w':
            return 7 * 86'400;
        default:
            return 1;
    }
}

std::int64_t to_us(sys_days day) {
    return duration_cast<microseconds>(day.time_since_epoch()).count();
}

year_month_day date_of(std::int64_t us) {
    return floor<days>(sys_time<microseconds>(microseconds(us)));
}

}  // namespace

std::optional<Duration> read_duration(std::string_view text) {
    Duration duration;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), duration.count);
    if (ec != std::errc() || duration.count < 1 || duration.count > kMaxCount) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit == "mo") {
        duration.unit = 'M';
    } else if (unit.size() == 1 && std::string_view("smhdw").find(unit) != unit.npos) {
        duration.unit = unit.front();
    } else {
        return std::nullopt;
    }
    return duration;
}

std::int64_t after(std::int64_t from, const Duration& duration) {
    if (duration.unit != 'M') return from + duration.count * seconds_of(duration.unit) * kSecond;
    const year_month_day date = date_of(from);
    const year_month month =
        date.year() / date.month() + std::chrono::months(static_cast<int>(duration.count));
    const day last = (month / std::chrono::last).day();
    return to_us(sys_days(month / std::min(date.day(), last))) + (from - to_us(sys_days(date)));
}

std::optional<std::int64_t> read_time(const std::string& text) {
    int year = 0;
    unsigned month = 0, day_of = 0, hour = 0, minute = 0, second = 0;
    const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%*1[T ]%2u:%2u:%2u", &year, &month,
                                 &day_of, &hour, &minute, &second);
    const year_month_day date{std::chrono::year(year), std::chrono::month(month), day(day_of)};
    if ((read != 3 && read != 6) || !date.ok()) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return to_us(sys_days(date)) + (hour * 3'600LL + minute * 60 + second) * kSecond;
}

std::string iso_time(std::int64_t us) {
    const std::int64_t of_day = us % kDay;
    const year_month_day date = date_of(us);
    std::array<char, 40> text{};
    const std::int64_t seconds = of_day / kSecond;
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(seconds / 3'600),
                      static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                      static_cast<int>(of_day % kSecond));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace patchbay::control
