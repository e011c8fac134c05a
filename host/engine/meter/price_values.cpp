#include "engine/meter/price_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "contract/http/header.hpp"
#include "contract/json/member_walker.hpp"

namespace patchbay::meter {

namespace {

struct Calendar {
    std::string_view zone;
    std::int16_t minutes;
};
constexpr auto kCalendars = std::to_array<Calendar>({{"UTC", 0}, {"Asia/Shanghai", 480}});

constexpr auto kWeekdays = std::to_array<std::string_view>(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"});

// Bit of a weekday, by its number or name; 0 = it is none.
std::uint8_t weekday_bit(std::string_view value) {
    const std::string_view text = unquoted(value);
    for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
        const std::string_view name = kWeekdays[i];
        const char number = static_cast<char>('1' + static_cast<int>(i));
        const bool meant = http::iequals(text, name) || http::iequals(text, name.substr(0, 3)) ||
                           text == std::string_view(&number, 1);
        if (meant) return static_cast<std::uint8_t>(1u << i);
    }
    return 0;
}

// "16:30" as minutes of the day.
std::optional<std::uint16_t> read_time(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    unsigned hour = 0;
    unsigned minute = 0;
    const char* const end = text.data() + text.size();
    const auto h = std::from_chars(text.data(), text.data() + colon, hour);
    const auto m = std::from_chars(text.data() + colon + 1, end, minute);
    const bool whole =
        h.ec == std::errc() && h.ptr == text.data() + colon && m.ec == std::errc() && m.ptr == end;
    if (!whole || hour > 23 || minute > 59) return std::nullopt;
    return static_cast<std::uint16_t>(hour * 60 + minute);
}

bool add_window(std::string_view value, std::uint8_t weekdays, std::vector<Hours>& hours) {
    const std::string_view text = unquoted(value);
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return false;
    const auto from = read_time(text.substr(0, dash));
    const auto to = read_time(text.substr(dash + 1));
    if (!from || !to) return false;
    hours.push_back({weekdays, *from, *to});
    return true;
}

bool read_window(std::string_view object, std::vector<Hours>& hours) {
    std::string_view times;
    std::uint8_t weekdays = Hours{}.weekdays;
    bool good = true;
    MemberWalker walker(object);
    for (JsonMember m; walker.next(m);) {
        if (m.name == "hours_utc") {
            times = m.value;
        } else if (m.name == "weekdays") {
            weekdays = 0;
            good = good && each_element(m.value, [&](std::string_view day) {
                       const std::uint8_t bit = weekday_bit(day);
                       good = good && bit != 0;
                       weekdays |= bit;
                   });
        } else {
            good = false;
        }
    }
    if (!walker.complete() || !good || times.empty()) return false;
    if (!times.starts_with('[')) return add_window(times, weekdays, hours);
    const bool list = each_element(times, [&](std::string_view window) {
        good = good && add_window(window, weekdays, hours);
    });
    return list && good;
}

}  // namespace

std::string_view unquoted(std::string_view value) {
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
    return quoted ? value.substr(1, value.size() - 2) : value;
}

std::optional<Int128> read_number(std::string_view value, int places, bool* rounded) {
    return read_decimal(unquoted(value), places, rounded);
}

std::optional<Atto> read_price(std::string_view value, bool* rounded) {
    bool lost = false;
    const auto price = read_number(value, kAttoPlaces, &lost);
    if (!price || *price < 0 || *price > kMostRate) return std::nullopt;
    if (rounded) *rounded = *rounded || lost;
    return price;
}

std::optional<std::uint32_t> read_range_start(std::string_view array) {
    std::optional<std::uint32_t> start;
    bool first = true;
    const bool whole = each_element(array, [&](std::string_view element) {
        if (!std::exchange(first, false)) return;
        const auto number = read_number(element, 0);
        if (!number || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max()) return;
        start = static_cast<std::uint32_t>(*number);
    });
    return whole ? start : std::nullopt;
}

bool read_hours(std::string_view array, std::vector<Hours>& hours) {
    bool good = true;
    const bool list = each_element(
        array, [&](std::string_view window) { good = good && read_window(window, hours); });
    return list && good;
}

std::optional<std::int16_t> calendar_of(std::string_view time_zone) {
    for (const Calendar& known : kCalendars) {
        if (known.zone == time_zone) return known.minutes;
    }
    return std::nullopt;
}

}  // namespace patchbay::meter
