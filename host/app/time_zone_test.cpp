#include "app/time_zone.hpp"

#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

using store::BudgetDays;
using store::Period;

constexpr std::int64_t kSecond = 1'000'000;

std::int64_t at(const char* utc) {
    using namespace std::chrono;
    int y = 0, h = 0, min = 0;
    unsigned m = 0, d = 0;
    EXPECT_EQ(std::sscanf(utc, "%d-%u-%u %d:%d", &y, &m, &d, &h, &min), 5) << utc;
    const sys_days day(year(y) / month(m) / std::chrono::day(d));
    return duration_cast<microseconds>(day.time_since_epoch() + hours(h) + minutes(min)).count();
}

TEST(TimeZone, of_a_name_that_nobody_knows_is_none) {
    EXPECT_EQ(time_zone("Mars/Olympus"), nullptr);
    EXPECT_EQ(time_zone("../../etc/passwd"), nullptr);
    EXPECT_EQ(time_zone(""), nullptr);
}

TEST(TimeZone, periods_of_budgets_begin_with_its_days) {
    struct Row {
        const char *zone, *duration;
        int begins;  ///< hour of the day
        const char *now, *from, *until;
    };
    for (const Row& row : {
             // Winter and summer.
             Row{"Europe/Berlin", "1d", 0, "2026-01-15 12:00", "2026-01-14 23:00",
                 "2026-01-15 23:00"},
             Row{"Europe/Berlin", "1d", 0, "2026-07-15 22:30", "2026-07-15 22:00",
                 "2026-07-16 22:00"},
             Row{"Europe/Berlin", "24h", 0, "2026-07-15 22:30", "2026-07-15 22:00",
                 "2026-07-16 22:00"},
             Row{"US/Eastern", "1mo", 0, "2026-12-01 04:59", "2026-11-01 04:00",
                 "2026-12-01 05:00"},
             Row{"US/Eastern", "30d", 0, "2026-12-01 05:00", "2026-12-01 05:00",
                 "2027-01-01 05:00"},
             Row{"Asia/Kolkata", "7d", 0, "2026-11-29 18:29", "2026-11-22 18:30",
                 "2026-11-29 18:30"},
             // Days of 23 and of 25 hours.
             Row{"Europe/Berlin", "1d", 0, "2026-03-29 12:00", "2026-03-28 23:00",
                 "2026-03-29 22:00"},
             Row{"Europe/Berlin", "1d", 0, "2026-10-25 23:00", "2026-10-25 23:00",
                 "2026-10-26 23:00"},
             Row{"Europe/Berlin", "1d", 0, "2026-10-25 22:59", "2026-10-24 22:00",
                 "2026-10-25 23:00"},
             // A midnight that there is twice, and one that there is not.
             Row{"America/Havana", "1d", 0, "2026-11-01 05:30", "2026-11-01 04:00",
                 "2026-11-02 05:00"},
             Row{"America/Havana", "1d", 0, "2026-03-08 06:00", "2026-03-08 05:00",
                 "2026-03-09 04:00"},
             // Another time of the day than midnight.
             Row{"Europe/Berlin", "1d", 6, "2026-01-15 04:59", "2026-01-14 05:00",
                 "2026-01-15 05:00"},
             Row{"Europe/Berlin", "1mo", 6, "2026-01-01 04:00", "2025-12-01 05:00",
                 "2026-01-01 05:00"},
             // Hours are of the clock, whatever begins a day.
             Row{"Asia/Kolkata", "1h", 6, "2026-01-15 12:40", "2026-01-15 12:30",
                 "2026-01-15 13:30"},
             Row{"Europe/Berlin", "30m", 6, "2026-10-25 01:10", "2026-10-25 01:00",
                 "2026-10-25 01:30"},
         }) {
        const auto zone = time_zone(row.zone);
        ASSERT_TRUE(zone) << row.zone;
        const auto duration = store::read_budget_duration(row.duration);
        ASSERT_TRUE(duration) << row.duration;
        const BudgetDays days{zone, std::int64_t{row.begins} * 3'600 * kSecond};
        EXPECT_EQ(store::period_of(*duration, at(row.now), days),
                  (Period{at(row.from), at(row.until)}))
            << row.zone << " " << row.duration << " " << row.now;
    }
}

TEST(TimeZone, each_instant_is_in_one_period_of_days) {
    const auto zone = time_zone("America/Havana");
    ASSERT_TRUE(zone);
    const BudgetDays days{zone, 0};
    for (const char* text : {"1d", "2d", "7d", "1mo"}) {
        const auto duration = store::read_budget_duration(text);
        Period period = store::period_of(*duration, at("2026-01-01 12:00"), days);
        for (int i = 0; i < 400; ++i) {
            const Period next = store::period_of(*duration, period.until, days);
            ASSERT_EQ(next.from, period.until) << text << " " << i;
            ASSERT_EQ(store::period_of(*duration, next.until - 1, days), next) << text << " " << i;
            period = next;
        }
    }
}

}  // namespace
}  // namespace patchbay::app
