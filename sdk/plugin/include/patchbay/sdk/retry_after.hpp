// SPDX-License-Identifier: Apache-2.0
// When an upstream says to try again.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "text.hpp"

namespace bay {

namespace retry_after_detail {

inline std::optional<double> number(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(value)) return std::nullopt;
    return value;
}

/// Digits alone, at most four; -1 for anything else.
inline int digits(std::string_view text) noexcept {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// Days since 1970-01-01 in the Gregorian calendar; `month` from 1 on, `day` as it may be.
inline std::int64_t days(int year, int month, int day) noexcept {
    const int y = month <= 2 ? year - 1 : year;  // the year begins in March, so leap days end it
    const int era = y / 400;
    const int of_era = y - era * 400;
    const int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return std::int64_t{era} * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719'468;
}

}  // namespace retry_after_detail

/// An HTTP date in its preferred form, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7),
/// as seconds since the epoch. Nothing for anything else: the obsolete forms are not sent by
/// servers of this kind.
inline std::optional<std::int64_t> parse_http_date(std::string_view text) {
    namespace in = retry_after_detail;
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    // Every field has its fixed place.
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
        text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' ||
        text[22] != ':') {
        return std::nullopt;
    }
    const std::size_t name = kMonths.find(text.substr(8, 3));
    const int day = in::digits(text.substr(5, 2));
    const int year = in::digits(text.substr(12, 4));
    const int hour = in::digits(text.substr(17, 2));
    const int minute = in::digits(text.substr(20, 2));
    const int second = in::digits(text.substr(23, 2));
    if (name == kMonths.npos || name % 3 != 0 || day < 1 || year < 0 || hour < 0 || minute < 0 ||
        second < 0 || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    const int month = static_cast<int>(name / 3) + 1;
    const std::int64_t date = in::days(year, month, day);
    const std::int64_t next = month < 12 ? in::days(year, month + 1, 1) : in::days(year + 1, 1, 1);
    if (date >= next) return std::nullopt;  // the 31st of February
    return date * 86'400 + hour * 3'600 + minute * 60 + second;
}

/// Milliseconds to wait by the response headers `retry-after-ms`, else `retry-after` (seconds,
/// fractions allowed, or an HTTP date); 0 if there is none or the time has passed. At most one
/// hour. `headers` are those of a bay_ev_http, names in lower case; `now_ms` is Host::unix_ms().
inline std::uint32_t retry_after_ms(const bay_kv* headers, std::uint64_t count,
                                    std::int64_t now_ms) {
    const auto find = [&](std::string_view name) -> std::string_view {
        for (std::uint64_t i = 0; i < count; ++i) {
            if (sv(headers[i].name) == name) return sv(headers[i].value);
        }
        return {};
    };
    const auto bounded = [](double ms) {
        constexpr double kLongestMs = 3'600'000;
        return static_cast<std::uint32_t>(std::clamp(ms, 0.0, kLongestMs));
    };
    if (const auto ms = retry_after_detail::number(find("retry-after-ms"))) return bounded(*ms);
    const std::string_view text = find("retry-after");
    if (const auto seconds = retry_after_detail::number(text)) return bounded(*seconds * 1000);
    if (const auto at = parse_http_date(text)) {
        return bounded(static_cast<double>(*at * 1000 - now_ms));
    }
    return 0;
}

}  // namespace bay
