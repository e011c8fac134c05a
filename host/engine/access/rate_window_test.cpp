#include "engine/access/rate_window.hpp"

#include <gtest/gtest.h>

namespace patchbay::access {
namespace {

TEST(RateWindow, lets_so_many_in_a_minute_and_no_more) {
    RateWindow window;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(window.take(3, 1, 100).in);
    EXPECT_FALSE(window.take(3, 1, 159).in);
    EXPECT_EQ(window.used(159), 3);
    EXPECT_EQ(window.left(159), 1u);
    EXPECT_TRUE(window.take(3, 1, 160).in) << "the window began with the first use";
    EXPECT_EQ(window.used(160), 1);
}

TEST(RateWindow, a_limit_of_nothing_lets_nothing_in) {
    RateWindow window;
    EXPECT_FALSE(window.take(0, 1, 100).in);
}

TEST(RateWindow, a_use_that_is_larger_than_the_limit_has_a_window_of_its_own) {
    RateWindow window;
    EXPECT_TRUE(window.take(10, 50, 100).in);
    EXPECT_FALSE(window.take(10, 1, 101).in);
    EXPECT_TRUE(window.take(10, 1, 160).in);
    EXPECT_FALSE(window.take(10, 50, 161).in);
}

TEST(RateWindow, a_correction_counts_in_its_window_and_later_only_as_a_debt) {
    struct Row {
        std::int64_t more;
        std::uint32_t when;
        std::int64_t used;
    };
    for (const Row& row :
         {Row{-4, 110, 6}, Row{4, 110, 14}, Row{-20, 110, 0}, Row{-4, 170, 0}, Row{4, 170, 4}}) {
        RateWindow window;
        const auto taken = window.take(100, 10, 100);
        window.correct(taken, row.more, row.when);
        EXPECT_EQ(window.used(row.when), row.used) << row.more << " at " << row.when;
    }
}

}  // namespace
}  // namespace patchbay::access
