#include "engine/lanes/lane_load.hpp"

#include <gtest/gtest.h>

#include "engine/lanes/test_support.hpp"

namespace patchbay {
namespace {

using test::kSecond;

Now at(double seconds) {
    return {std::chrono::steady_clock::time_point(
                std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9))),
            0};
}

TEST(Ewma, rises_at_once_and_falls_little_by_little) {
    Ewma mean;
    EXPECT_FALSE(mean.known());
    EXPECT_EQ(mean.get(kSecond, 7), 7) << "nothing is known";
    mean.add_peak(1, kSecond);
    EXPECT_FLOAT_EQ(mean.last(), 1);
    mean.add_peak(3, kSecond);
    EXPECT_FLOAT_EQ(mean.last(), 2) << "half of the way";
    mean.add_peak(1, kSecond);
    EXPECT_FLOAT_EQ(mean.last(), 2) << "no time has passed";
    mean.add_peak(1, 11 * kSecond);
    EXPECT_NEAR(mean.last(), 1 + std::exp(-1.0), 0.001);
}

TEST(Ewma, goes_back_to_what_is_usual_while_nothing_is_told) {
    Ewma mean;
    mean.add_peak(5, kSecond);
    EXPECT_FLOAT_EQ(mean.get(kSecond, 1), 5);
    EXPECT_NEAR(mean.get(11 * kSecond, 1), 1 + 4 * std::exp(-1.0), 0.01);
    EXPECT_NEAR(mean.get(200 * kSecond, 1), 1, 0.001);
}

TEST(Ewma, a_share_of_failures_begins_at_none) {
    Ewma failing;
    failing.add_from_zero(1, 0.2F, kSecond);
    EXPECT_FLOAT_EQ(failing.last(), 0.2F);
    failing.add_from_zero(1, 0.2F, kSecond);
    EXPECT_FLOAT_EQ(failing.last(), 0.36F);
    failing.add_from_zero(0, 0.2F, kSecond);
    EXPECT_FLOAT_EQ(failing.last(), 0.288F);
}

TEST(LaneLoad, tokens_are_those_under_way) {
    LaneLoad load;
    load.begin(100, true, at(1));
    load.begin(20, false, at(1));
    EXPECT_EQ(load.tokens(), 120);
    load.end(100);
    EXPECT_EQ(load.tokens(), 20);
}

TEST(LaneLoad, silence_lasts_while_streams_wait_and_nothing_is_heard) {
    LaneLoad load;
    load.begin(1, false, at(1));
    EXPECT_EQ(load.silence(at(9)), 0) << "a whole answer says nothing before its end";
    load.begin(1, true, at(10));
    load.begin(1, true, at(12));
    EXPECT_FLOAT_EQ(load.silence(at(13)), 3);
    load.heard(at(14));
    EXPECT_FLOAT_EQ(load.silence(at(14)), 0);
    EXPECT_FLOAT_EQ(load.silence(at(16)), 2);
    load.left();
    EXPECT_EQ(load.silence(at(17)), 0) << "none waits";
}

TEST(PromptClass, has_bounds) {
    EXPECT_EQ(prompt_class(0), 0u);
    EXPECT_EQ(prompt_class(1'000), 0u);
    EXPECT_EQ(prompt_class(1'001), 1u);
    EXPECT_EQ(prompt_class(8'001), 2u);
    EXPECT_EQ(prompt_class(32'001), 3u);
}

}  // namespace
}  // namespace patchbay
