#include "engine/lanes/spread.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "engine/lanes/hedges.hpp"
#include "engine/lanes/test_support.hpp"

namespace patchbay {
namespace {

using test::kSecond;

TEST(Spread, quantiles_are_within_two_percent) {
    const auto spread = std::make_unique<Spread>();
    for (int i = 1; i <= 1000; ++i) spread->add(i / 100.0, kSecond);
    EXPECT_EQ(spread->count(kSecond), 1000u);
    for (const double q : {0.05, 0.5, 0.95, 0.99}) {
        EXPECT_NEAR(spread->quantile(q, 1, kSecond), 10 * q, 10 * q * 0.03) << q;
    }
    EXPECT_EQ(spread->quantile(0.5, 1001, kSecond), 0) << "too few";
}

TEST(Spread, forgets_what_is_older_than_a_minute) {
    const auto spread = std::make_unique<Spread>();
    spread->add(1, 1 * kSecond);
    spread->add(1, 31 * kSecond);
    EXPECT_EQ(spread->count(59 * kSecond), 2u);
    EXPECT_EQ(spread->count(61 * kSecond), 1u);
    spread->add(1, 61 * kSecond);
    EXPECT_EQ(spread->count(61 * kSecond), 2u);
    EXPECT_EQ(spread->count(200 * kSecond), 0u);
}

TEST(Spread, what_is_beyond_its_ends_counts_there) {
    const auto spread = std::make_unique<Spread>();
    spread->add(0, kSecond);
    spread->add(1e9, kSecond);
    EXPECT_NEAR(spread->quantile(0.5, 1, kSecond), 0.01, 0.001);
    EXPECT_NEAR(spread->quantile(1, 1, kSecond), 100, 5);
}

TEST(Spread, who_asks_often_is_told_what_was_a_tenth_of_a_second_ago) {
    Spread spread;
    constexpr std::int64_t kTenth = 100'000'000;
    std::int64_t now = 3600 * 10 * kTenth;
    EXPECT_EQ(spread.quantile_lately(0.5, 2, now), 0);
    spread.add(2, now);
    spread.add(2, now);
    EXPECT_NEAR(spread.quantile_lately(0.5, 2, now), 2, 0.05) << "at once, where there was nothing";
    for (int i = 0; i < 8; ++i) spread.add(5, now);
    EXPECT_NEAR(spread.quantile_lately(0.5, 2, now + kTenth - 1), 2, 0.05);
    EXPECT_NEAR(spread.quantile_lately(0.5, 2, now + kTenth), 5, 0.15);
}

TEST(Hedges, cost_no_more_than_the_share_of_calls) {
    Hedges hedges;
    const Now now{};
    EXPECT_FALSE(hedges.take(1));
    for (int i = 0; i < 100; ++i) hedges.called(10, 0.02, now);
    EXPECT_FLOAT_EQ(hedges.mean_cost(), 10);
    EXPECT_FALSE(hedges.take(5.1));
    EXPECT_TRUE(hedges.take(5)) << "a quarter of what it holds";
    EXPECT_FALSE(hedges.take(3.8));
    EXPECT_TRUE(hedges.take(3.7));
    for (int i = 0; i < 100'000; ++i) hedges.called(10, 0.02, now);
    EXPECT_FALSE(hedges.take(80.1)) << "it holds what 32 calls cost";
    EXPECT_TRUE(hedges.take(80));
    hedges.correct(200);
    EXPECT_FALSE(hedges.take(10.1)) << "it cost 200 more than was taken";
    EXPECT_TRUE(hedges.take(10));
    hedges.correct(100);
    EXPECT_FALSE(hedges.take(0.1)) << "it is overdrawn";
    hedges.correct(-100);
    EXPECT_TRUE(hedges.take(7.5));
}

}  // namespace
}  // namespace patchbay
