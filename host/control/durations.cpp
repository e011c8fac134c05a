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

// Reads the parts of an instant from left to right. What is not there makes it bad, and it stays so.
class TimeReader {
  public:
    explicit TimeReader(std::string_view text) : rest_(text) {}

    bool good() const { return good_; }
    bool ended() const { return rest_.empty(); }

    // A number of so many digits.
    int digits(std::size_t count, int most) {
        int number = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') return fail();
            number = 10 * number + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return number > most ? fail() : number;
    }
    bool next(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // One of these.
    char sign(std::string_view signs) {
        const char c = rest_.empty() ? '\0' : rest_.front();
        if (c == '\0' || signs.find(c) == signs.npos) {
            fail();
            return '\0';
        }
        rest_.remove_prefix(1);
        return c;
    }
    // "22:39:55" or "22:39", in microseconds.
    std::int64_t time_of_day() {
        const int hour = digits(2, 23);
        sign(":");
        const int minute = digits(2, 59);
        const int second = next(':') ? digits(2, 59) : 0;
        return (hour * 3'600LL + minute * 60 + second) * kSecond;
    }
    // The digits behind the point; those behind the sixth are cut off.
    std::int64_t part_of_second() {
        std::int64_t unit = kSecond, part = 0;
        if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') fail();
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            unit /= 10;
            part += unit * digits(1, 9);
        }
        return part;
    }
    // "Z", "+02:00" or "-0530", in microseconds.
    std::int64_t offset() {
        const char c = sign("Zz+-");
        if (c != '+' && c != '-') return 0;
        const int hours = digits(2, 23);
        next(':');
        const int minutes = digits(2, 59);
        return (c == '-' ? -1 : 1) * (hours * 3'600LL + minutes * 60) * kSecond;
    }

  private:
    int fail() {
        good_ = false;
        return 0;
    }

    std::string_view rest_;
    bool good_ = true;
};

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

std::optional<std::int64_t> read_time(std::string_view text) {
    TimeReader read(text);
    const int year_of = read.digits(4, 9'999);
    read.sign("-");
    const int month_of = read.digits(2, 12);
    read.sign("-");
    const int day_of = read.digits(2, 31);
    std::int64_t of_day = 0;
    if (!read.ended()) {
        read.sign("T ");
        of_day = read.time_of_day();
        if (read.next('.')) of_day += read.part_of_second();
        if (!read.ended()) of_day -= read.offset();
    }
    const year_month_day date{year(year_of), month(static_cast<unsigned>(month_of)),
                              day(static_cast<unsigned>(day_of))};
    if (!read.good() || !read.ended() || !date.ok()) return std::nullopt;
    return to_us(sys_days(date)) + of_day;
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
