#include "engine/call/headroom.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "engine/lanes/lane_load.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;

std::optional<Headroom> in(const std::vector<http::Header>& headers) {
    return headroom_in(headers);
}

TEST(Headroom, is_the_least_of_what_is_left) {
    const auto found = in({{"x-ratelimit-limit-requests", "100"},
                           {"x-ratelimit-remaining-requests", "50"},
                           {"x-ratelimit-reset-requests", "1h2m3s"},
                           {"x-ratelimit-limit-tokens", "1000"},
                           {"x-ratelimit-remaining-tokens", "40"},
                           {"x-ratelimit-reset-tokens", "6.5s"}});
    ASSERT_TRUE(found);
    EXPECT_FLOAT_EQ(found->share, 0.04F);
    EXPECT_EQ(found->valid, 6s);
}

TEST(Headroom, reads_the_resets_of_all) {
    const auto valid = [](const char* reset) {
        return in({{"x-ratelimit-limit-requests", "10"},
                   {"x-ratelimit-remaining-requests", "1"},
                   {"x-ratelimit-reset-requests", reset}})
            ->valid;
    };
    EXPECT_EQ(valid("12ms"), 1s);
    EXPECT_EQ(valid("17"), 17s);
    EXPECT_EQ(valid("1m5s"), 60s);
    EXPECT_EQ(valid("20s"), 20s);
    EXPECT_EQ(valid("soon"), 10s);
    EXPECT_EQ(valid("5x"), 10s);
}

TEST(Headroom, anthropics_are_read_too) {
    const auto found = in({{"anthropic-ratelimit-input-tokens-limit", "1000"},
                           {"anthropic-ratelimit-input-tokens-remaining", "10"},
                           {"anthropic-ratelimit-input-tokens-reset", "2026-11-29T12:00:00Z"}});
    ASSERT_TRUE(found);
    EXPECT_FLOAT_EQ(found->share, 0.01F);
}

TEST(Headroom, what_says_nothing_is_passed_over) {
    EXPECT_FALSE(in({}));
    EXPECT_FALSE(in({{"x-ratelimit-remaining-requests", "1"}}));
    EXPECT_FALSE(
        in({{"x-ratelimit-limit-requests", "-1"}, {"x-ratelimit-remaining-requests", "-1"}}));
    EXPECT_FALSE(
        in({{"x-ratelimit-limit-requests", "0"}, {"x-ratelimit-remaining-requests", "0"}}));
    EXPECT_FALSE(
        in({{"x-ratelimit-limit-requests", "many"}, {"x-ratelimit-remaining-requests", "1"}}));
}

TEST(Headroom, little_left_costs_until_it_is_old) {
    LaneLoad lane;
    Now now{std::chrono::steady_clock::time_point(1h), 1'800'000'000'000};
    EXPECT_FLOAT_EQ(lane.scarcity(now), 1);
    lane.told_left(0.5F, 10s, now);
    EXPECT_FLOAT_EQ(lane.scarcity(now), 1) << "enough";
    lane.told_left(0.05F, 10s, now);
    EXPECT_NEAR(lane.scarcity(now), 2, 0.01);
    lane.told_left(0, 10s, now);
    EXPECT_NEAR(lane.scarcity(now), 10, 0.01);
    now.steady += 12s;
    EXPECT_FLOAT_EQ(lane.scarcity(now), 1);
}

}  // namespace
}  // namespace patchbay
