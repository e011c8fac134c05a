// The time to a kernel's tick, for what is measured in seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <time.h>

namespace patchbay {

/// No tick is longer (CONFIG_HZ=100).
constexpr std::chrono::milliseconds kCoarseTick{10};

/// What std::chrono::steady_clock said at the last tick, never more than kCoarseTick ago: a seventh of the price, as
/// no counter is read. A span between two readings is right to a tick either way. Any thread.
inline std::chrono::steady_clock::time_point coarse_now() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::chrono::steady_clock::time_point(std::chrono::seconds(now.tv_sec) +
                                                 std::chrono::nanoseconds(now.tv_nsec));
}

/// What unix_us() said at that same tick: for minutes, budgets and expiries. Any thread.
inline std::int64_t coarse_unix_us() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace patchbay
