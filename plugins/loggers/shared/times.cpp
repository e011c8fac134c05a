#include "shared/times.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>

namespace patchbay::sink {

namespace {

// Year 9999 is the last that the format has room for.
constexpr double kLast = 253402300799.0;

std::chrono::microseconds micros(double seconds) {
    const double kept = std::isfinite(seconds) ? std::clamp(seconds, 0.0, kLast) : 0.0;
    return std::chrono::microseconds(std::llround(kept * 1e6));
}

}  // namespace

std::string iso8601(double seconds) {
    using namespace std::chrono;
    const sys_time<microseconds> when{micros(seconds)};
    const auto day = floor<days>(when);
    const year_month_day date{day};
    const hh_mm_ss time{when - day};
    std::array<char, 40> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
        static_cast<int>(time.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string unix_nanos(double seconds) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 1000;
    return std::to_string(std::min(static_cast<std::uint64_t>(micros(seconds).count()), kMost) *
                          1000);
}

}  // namespace patchbay::sink
