#include "engine/plugins/feed_times.hpp"

#include <limits>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(FeedTimes, nothing_counted_is_zero) {
    EXPECT_EQ(FeedTimes().quantile(0.5), 0);
    EXPECT_EQ(FeedTimes().quantile(0.99), 0);
}

TEST(FeedTimes, a_time_is_told_to_within_an_eighth_and_never_below) {
    for (const std::uint64_t ns : {1ull, 7ull, 8ull, 15ull, 16ull, 1000ull, 1023ull, 1024ull,
                                   123'456ull, 1'000'000ull, 59'999'999'999ull}) {
        FeedTimes times;
        times.add(ns);
        const double told = times.quantile(0.5) * 1e9;
        EXPECT_GE(told, static_cast<double>(ns) * 0.999999) << ns;
        EXPECT_LE(told, static_cast<double>(ns) * 1.125 + 1) << ns;
    }
}

TEST(FeedTimes, quantiles_are_those_of_all_times) {
    FeedTimes times;
    for (int i = 0; i < 98; ++i) times.add(1000);
    times.add(1'000'000);
    times.add(1'000'000);
    EXPECT_LT(times.quantile(0.5), 1.2e-6);
    EXPECT_LT(times.quantile(0.98), 1.2e-6);
    EXPECT_GT(times.quantile(0.99), 0.9e-3);
    EXPECT_GT(times.quantile(1), 0.9e-3);
}

TEST(FeedTimes, the_longest_times_share_the_last_bucket) {
    FeedTimes times;
    times.add(std::numeric_limits<std::uint64_t>::max());
    EXPECT_NEAR(times.quantile(1), 1099.5, 1);
}

TEST(FeedTimes, additions_of_many_threads_are_all_there) {
    FeedTimes times;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&times, i] {
            for (int n = 0; n < 1000; ++n) times.add(i == 3 ? 1'000'000 : 1000);
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_LT(times.quantile(0.75), 1.2e-6);
    EXPECT_GT(times.quantile(0.7501), 0.9e-3);
}

}  // namespace
}  // namespace patchbay
