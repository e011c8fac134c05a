#include "control/durations.hpp"

#include <gtest/gtest.h>

namespace patchbay::control {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
// 2026-11-28 22:39:55.123456, a Saturday.
constexpr std::int64_t kNow = 20'785 * kDay + (22 * 3'600 + 39 * 60 + 55) * 1'000'000LL + 123'456;

TEST(Durations, what_is_no_duration_is_refused) {
    for (const char* text :
         {"", "30", "d", "-1d", "0d", "1.5h", "30 d", "30D", "1month", "99999999999999999999d"}) {
        EXPECT_FALSE(read_duration(text)) << text;
    }
}

TEST(Durations, a_duration_leads_to_a_time) {
    struct Row {
        const char* text;
        const char* after;
    };
    for (const Row& row : {
             Row{"30s", "2026-11-28T22:40:25.123456Z"},
             Row{"30m", "2026-11-28T23:09:55.123456Z"},
             Row{"2h", "2026-11-29T00:39:55.123456Z"},
             Row{"1d", "2026-11-29T22:39:55.123456Z"},
             Row{"24h", "2026-11-29T22:39:55.123456Z"},
             Row{"7d", "2026-12-05T22:39:55.123456Z"},
             Row{"1w", "2026-12-05T22:39:55.123456Z"},
             Row{"30d", "2026-12-28T22:39:55.123456Z"},
             Row{"1mo", "2026-12-28T22:39:55.123456Z"},
             Row{"3mo", "2027-02-28T22:39:55.123456Z"},
         }) {
        const auto duration = read_duration(row.text);
        ASSERT_TRUE(duration) << row.text;
        EXPECT_EQ(iso_time(after(kNow, *duration)), row.after) << row.text;
    }
}

TEST(Durations, a_time_is_read_in_its_forms) {
    struct Row {
        const char* text;
        const char* time;
    };
    for (const Row& row : {
             Row{"2026-11-28", "2026-11-28T00:00:00.000000Z"},
             Row{"2026-11-28 22:39:55", "2026-11-28T22:39:55.000000Z"},
             Row{"2026-11-28T22:39:55.123Z", "2026-11-28T22:39:55.123000Z"},
             Row{"2026-11-28T22:39:55.1234567", "2026-11-28T22:39:55.123456Z"},
             Row{"2026-11-28T22:39", "2026-11-28T22:39:00.000000Z"},
             Row{"2026-11-28T22:39:55+02:00", "2026-11-28T20:39:55.000000Z"},
             Row{"2026-11-28T22:39:55-0530", "2026-11-29T04:09:55.000000Z"},
         }) {
        const auto time = read_time(row.text);
        ASSERT_TRUE(time) << row.text;
        EXPECT_EQ(iso_time(*time), row.time);
    }
    for (const char* text :
         {"", "today", "2026-13-01", "2026-02-30", "2026-00-01", "2026-11-28 25:00:00",
          "2026-11-28 and more", "2026-11-28T", "2026-11-28T22", "2026-11-28T22:39:55.",
          "2026-11-28T22:39:55 02:00", "2026-11-28T22:39:55+02:00Z", "26-11-28", "+026-11-28",
          "2026-1-2", " 2026-11-28"}) {
        EXPECT_FALSE(read_time(text)) << text;
    }
}

TEST(Durations, a_month_that_is_shorter_ends_on_its_last_day) {
    const std::int64_t january = 20'484 * kDay;  // 2026-01-31
    EXPECT_EQ(iso_time(after(january, *read_duration("1mo"))), "2026-02-28T00:00:00.000000Z");
}

}  // namespace
}  // namespace patchbay::control
