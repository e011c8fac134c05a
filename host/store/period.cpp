#include "store/period.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <utility>

namespace patchbay::store {

namespace {

using namespace std::chrono;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kMonday = 4 * kDay;  ///< 1970-01-01 was a Thursday
constexpr std::int64_t kMost = 100'000;     ///< of any unit: centuries

// The first of a month that is counted from the year 0.
std::int64_t first_of(std::int64_t month) {
    const auto first = year(static_cast<int>(month / 12)) /
                       std::chrono::month(static_cast<unsigned>(month % 12) + 1) / day(1);
    return duration_cast<microseconds>(sys_days(first).time_since_epoch()).count();
}

Period months_of(std::int64_t count, std::int64_t now_us) {
    const year_month_day date(floor<days>(sys_time<microseconds>(microseconds(now_us))));
    const std::int64_t month =
        std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1;
    const std::int64_t first = month / count * count;
    return {first_of(first), first_of(first + count)};
}

Period lengths_of(std::int64_t seconds, std::int64_t now_us) {
    const std::int64_t length = seconds * kSecond;
    const std::int64_t origin = seconds == 7 * kDay ? kMonday * kSecond : 0;
    const std::int64_t from = origin + (now_us - origin) / length * length;
    return {from, from + length};
}

// They are asked for when a key is read, and when a period ends.
class ProcessDays {
  public:
    static ProcessDays& instance() {
        static ProcessDays days;
        return days;
    }
    BudgetDays get() {
        const std::lock_guard lock(mutex_);
        return days_;
    }
    void set(BudgetDays days) {
        const std::lock_guard lock(mutex_);
        days_ = std::move(days);
    }

  private:
    std::mutex mutex_;
    BudgetDays days_;
};

std::int64_t seconds_of(std::string_view unit) {
    if (unit == "s") return 1;
    if (unit == "m") return 60;
    if (unit == "h") return 3'600;
    if (unit == "d") return kDay;
    if (unit == "w") return 7 * kDay;
    return 0;
}

}  // namespace

std::optional<BudgetDuration> read_budget_duration(std::string_view text) {
    BudgetDuration duration;
    if (text.empty()) return duration;
    std::int64_t count = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (ec != std::errc() || count < 1 || count > kMost) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    if (unit == "mo") {
        duration.months = count;
        return duration;
    }
    duration.seconds = count * seconds_of(unit);
    if (duration.seconds == 0) return std::nullopt;
    if (duration.seconds == 30 * kDay) return BudgetDuration{0, 1};
    return duration;
}

Period period_of(const BudgetDuration& duration, std::int64_t now_us, const BudgetDays& days) {
    if (duration.forever()) return {};
    const std::int64_t shown = days.zone ? days.zone->shown(now_us) : now_us;
    const bool of_days = duration.months > 0 || duration.seconds % kDay == 0;
    const std::int64_t begin = of_days ? days.begin : 0;
    Period period = duration.months > 0 ? months_of(duration.months, shown - begin)
                                        : lengths_of(duration.seconds, shown - begin);
    for (std::int64_t* const end : {&period.from, &period.until}) {
        *end += begin;
        // Hours go on as they are when the clocks are set: a day has 23 of them, then, or 25.
        if (days.zone) *end = of_days ? days.zone->first(*end) : *end - shown + now_us;
    }
    return period;
}

Period period_of(const BudgetDuration& duration, std::int64_t now_us) {
    return period_of(duration, now_us, ProcessDays::instance().get());
}

void set_budget_days(BudgetDays days) {
    ProcessDays::instance().set(std::move(days));
}

std::string date_of(std::int64_t day) {
    const year_month_day date{sys_days(days(day))};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int{date.year()},
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text;
}

}  // namespace patchbay::store
