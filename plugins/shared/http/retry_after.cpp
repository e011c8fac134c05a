#include "retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace patchbay::shared {

namespace {

constexpr double kLongestMs = 3'600'000;

std::optional<double> number(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(value)) return std::nullopt;
    return value;
}

std::uint32_t bounded(double milliseconds) {
    return static_cast<std::uint32_t>(std::clamp(milliseconds, 0.0, kLongestMs));
}

bool read_int(std::string_view text, int& out) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
    return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && out >= 0;
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    // "Sun, 06 Nov 1994 08:49:37 GMT": every field has its fixed place.
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || !text.ends_with(" GMT") ||
        text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' ||
        text[22] != ':') {
        return std::nullopt;
    }
    int day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    const auto* const month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
    if (month == kMonths.end() || !read_int(text.substr(5, 2), day) ||
        !read_int(text.substr(12, 4), year) || !read_int(text.substr(17, 2), hour) ||
        !read_int(text.substr(20, 2), minute) || !read_int(text.substr(23, 2), second)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{
        std::chrono::year{year},
        std::chrono::month{static_cast<unsigned>(month - kMonths.begin()) + 1},
        std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const std::chrono::sys_days days{date};
    return std::int64_t{days.time_since_epoch().count()} * 86'400 + hour * 3'600 + minute * 60 +
           second;
}

std::uint32_t retry_after_ms(std::span<const bay_kv> headers, std::int64_t now_ms) {
    const auto find = [&](std::string_view name) -> std::string_view {
        for (const bay_kv& header : headers) {
            if (std::string_view(header.name.ptr, header.name.len) == name) {
                return {header.value.ptr, header.value.len};
            }
        }
        return {};
    };
    if (const auto ms = number(find("retry-after-ms"))) return bounded(*ms);
    const std::string_view text = find("retry-after");
    if (const auto seconds = number(text)) return bounded(*seconds * 1000);
    if (const auto at = parse_http_date(text)) {
        return bounded(static_cast<double>(*at * 1000 - now_ms));
    }
    return 0;
}

}  // namespace patchbay::shared
