#include "engine/coarse_clock.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

using Clock = std::chrono::steady_clock;

TEST(CoarseClock, is_never_ahead_and_a_tick_behind_at_most) {
    timespec tick{};
    ASSERT_EQ(clock_getres(CLOCK_MONOTONIC_COARSE, &tick), 0);
    EXPECT_LE(std::chrono::nanoseconds(tick.tv_nsec), kCoarseTick);
    for (int i = 0; i < 1000; ++i) {
        // What a thread loses between two readings makes the first one older, not wrong.
        const auto before = Clock::now();
        const auto coarse = coarse_now();
        const auto after = Clock::now();
        EXPECT_LE(coarse, after);
        EXPECT_GE(coarse, before - kCoarseTick);
    }
}

TEST(CoarseClock, never_goes_back) {
    auto last = coarse_now();
    for (int i = 0; i < 100'000; ++i) {
        const auto now = coarse_now();
        ASSERT_GE(now, last);
        last = now;
    }
}

}  // namespace
}  // namespace patchbay
