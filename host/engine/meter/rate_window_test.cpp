#include "engine/meter/rate_window.hpp"

#include <gtest/gtest.h>

namespace patchbay::meter {
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

TEST(RateWindow, what_is_added_counts_beyond_the_limit_too) {
    RateWindow window;
    EXPECT_EQ(window.add(4, 100).before, 0u);
    EXPECT_EQ(window.take(6, 1, 101).before, 4u);
    EXPECT_EQ(window.add(4, 102).before, 5u);
    EXPECT_EQ(window.used(103), 9);
    EXPECT_EQ(window.take(9, 1, 103).before, 9u) << "of one that is refused, too";
    const auto last = window.add(1, 161);
    EXPECT_EQ(last.before, 0u) << "another window";
    window.correct(last, -1, 162);
    EXPECT_EQ(window.used(163), 0);
}

// Rates that gateways share. The server's clock is 1,000 s ahead: a minute begins at 80, 140, 200.
constexpr std::uint32_t kAhead = 1'000;

TEST(RateWindow, gateways_that_share_a_rate_count_minutes_of_one_clock) {
    RateWindow window;
    window.share.use(kAhead, 1);
    EXPECT_TRUE(window.take(2, 1, 100).in);
    EXPECT_TRUE(window.take(2, 1, 139).in);
    EXPECT_FALSE(window.take(2, 1, 139).in);
    EXPECT_EQ(window.left(139), 1u);
    EXPECT_TRUE(window.take(2, 1, 140).in) << "another minute";
    EXPECT_EQ(window.left(140), 60u);
}

TEST(RateWindow, a_share_of_a_minute_is_what_may_be_used_here_in_that_minute) {
    RateWindow window;
    window.share.use(kAhead, 2);
    const std::uint32_t minute = window.share.minute(150);
    window.share.set_share(minute, 3);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(window.take(16, 1, 150).in);
    EXPECT_EQ(window.share.missed(), 0u);
    EXPECT_FALSE(window.take(16, 1, 150).in);
    EXPECT_EQ(window.share.missed(), 1u);
    window.share.set_others(minute, 9);
    EXPECT_EQ(window.used_by_all(150), 12);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(window.take(16, 1, 200).in) << "a fourth of its part";
    EXPECT_FALSE(window.take(16, 1, 200).in);
    EXPECT_EQ(window.used_by_all(200), 2) << "of the minute before nothing is known";
}

TEST(RateWindow, what_others_used_of_a_minute_is_not_lost_to_the_next_one_or_the_one_before) {
    RateWindow window;
    window.share.use(kAhead, 2);
    const std::uint32_t minute = window.share.minute(195);
    window.share.set_others(minute, 9);
    window.share.set_others(minute + 1, 0);  // in its last seconds a share of the next is granted
    EXPECT_EQ(window.used_by_all(195), 9);
    window.share.set_others(minute + 1, 4);
    window.share.set_others(minute, 10);  // an answer that was on its way when it ended
    EXPECT_EQ(window.used_by_all(200), 4);
    window.share.set_others(minute + 2, 1);
    EXPECT_EQ(window.used_by_all(200), 4);
    EXPECT_EQ(window.used_by_all(260), 1);
}

TEST(RateWindow, a_window_that_was_under_way_goes_on_when_sharing_begins) {
    RateWindow window;
    for (int i = 0; i < 3; ++i) (void)window.take(5, 1, 100);
    window.share.use(kAhead, 1);
    EXPECT_EQ(window.used(110), 3);
    EXPECT_EQ(window.used(140), 0);
}

TEST(RateShare, one_that_nothing_was_granted_of_begins_with_a_fourth_of_its_part) {
    EXPECT_EQ(first_share(100, 1), 100);
    EXPECT_EQ(first_share(100, 5), 5);
    EXPECT_EQ(first_share(100, 1'000), 1) << "nobody is shut out";
    EXPECT_EQ(first_share(0, 2), 0);
}

}  // namespace
}  // namespace patchbay::meter
