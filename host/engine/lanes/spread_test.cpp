#include "engine/lanes/spread.hpp"

#include <memory>

#include <gtest/gtest.h>

#include "engine/lanes/hedges.hpp"

namespace patchbay {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

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

TEST(Hedges, cost_no_more_than_the_share_of_calls) {
    Hedges hedges;
    const Now now{};
    EXPECT_FALSE(hedges.take(1));
    for (int i = 0; i < 100; ++i) hedges.called(10, 0.02, now);
    EXPECT_FLOAT_EQ(hedges.mean_cost(), 10);
    EXPECT_TRUE(hedges.take(19.9));
    EXPECT_FALSE(hedges.take(0.2));
    for (int i = 0; i < 100'000; ++i) hedges.called(10, 0.02, now);
    EXPECT_TRUE(hedges.take(320));
    EXPECT_FALSE(hedges.take(1)) << "it holds what 32 calls cost";
}

}  // namespace
}  // namespace patchbay
