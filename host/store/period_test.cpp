#include "store/period.hpp"

#include <gtest/gtest.h>

namespace patchbay::store {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
// Saturday, 2026-11-28 23:05:53 UTC.
constexpr std::int64_t kMoment = 1'795'907'153 * kSecond + 7;

TEST(Period, is_aligned_as_its_length_asks) {
    struct Row {
        const char* duration;
        std::int64_t from, until;  ///< seconds since 1970
    };
    for (const Row& row : {
             Row{"30s", 1'795'907'130, 1'795'907'160}, Row{"30m", 1'795'906'800, 1'795'908'600},
             Row{"1h", 1'795'906'800, 1'795'910'400}, Row{"1d", 1'795'824'000, 1'795'910'400},
             Row{"24h", 1'795'824'000, 1'795'910'400},
             Row{"7d", 1'795'392'000, 1'795'996'800},  // Monday, 23 November
             Row{"1w", 1'795'392'000, 1'795'996'800},
             Row{"30d", 1'793'491'200, 1'796'083'200},  // 1 November to 1 December
             Row{"1mo", 1'793'491'200, 1'796'083'200},
             Row{"12mo", 1'767'225'600, 1'798'761'600},  // 2026
         }) {
        const auto duration = read_budget_duration(row.duration);
        ASSERT_TRUE(duration) << row.duration;
        const Period period = period_of(*duration, kMoment);
        EXPECT_LE(period.from, kMoment) << row.duration;
        EXPECT_GT(period.until, kMoment) << row.duration;
        EXPECT_EQ(period.from, row.from * kSecond) << row.duration;
        EXPECT_EQ(period.until, row.until * kSecond) << row.duration;
        EXPECT_EQ(period_of(*duration, period.until).from, period.until) << row.duration;
    }
}

TEST(Period, of_days_begins_when_the_process_says) {
    const auto day = read_budget_duration("1d"), hour = read_budget_duration("1h");
    const BudgetDays at_six{nullptr, 6 * 3'600 * kSecond};
    const Period six{1'795'845'600 * kSecond, 1'795'932'000 * kSecond};
    EXPECT_EQ(period_of(*day, kMoment, at_six), six);
    set_budget_days(at_six);
    EXPECT_EQ(period_of(*day, kMoment), six);
    EXPECT_EQ(period_of(*hour, kMoment), period_of(*hour, kMoment, {}));
    set_budget_days({});
    EXPECT_EQ(period_of(*day, kMoment), period_of(*day, kMoment, {}));
}

TEST(Period, of_a_budget_without_a_duration_is_all_time) {
    const auto duration = read_budget_duration("");
    ASSERT_TRUE(duration);
    EXPECT_TRUE(duration->forever());
    EXPECT_EQ(period_of(*duration, kMoment), Period{});
}

TEST(Period, a_day_has_a_date) {
    EXPECT_EQ(date_of(0), "1970-01-01");
    EXPECT_EQ(date_of(-1), "1969-12-31");
    EXPECT_EQ(date_of(19'782), "2024-02-29");
    EXPECT_EQ(date_of(20'785), "2026-11-28");
}

TEST(Period, what_is_no_duration_is_told) {
    for (const char* text :
         {"30", "d", "0d", "-1d", "1y", "1 d", "1mon", "99999999999999999999d"}) {
        EXPECT_FALSE(read_budget_duration(text)) << text;
    }
}

}  // namespace
}  // namespace patchbay::store
