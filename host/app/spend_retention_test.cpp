#include "app/spend_retention.hpp"

#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kDay = 86'400'000'000;

TEST(SpendRetention, forgets_days_that_are_older_as_a_whole) {
    const std::int64_t noon = 100 * kDay + kDay / 2;
    EXPECT_EQ(last_day_to_forget(noon, 7 * 24h), 92) << "at noon of day 93 it was seven days ago";
    EXPECT_EQ(last_day_to_forget(100 * kDay, 7 * 24h), 92);
    EXPECT_EQ(last_day_to_forget(noon, 30h), 98);
    EXPECT_EQ(last_day_to_forget(noon, 1s), 98) << "what may not be posted yet is kept";
    EXPECT_EQ(last_day_to_forget(noon, 48h), 97);
}

TEST(SpendRetention, a_store_that_is_not_there_is_no_end) {
    SpendRetention retention(store::Address("/no/such/directory/ledger.db"));
    retention.use(24h, 1s);
    retention.use(0s, 1s);
    retention.stop();
}

}  // namespace
}  // namespace patchbay::app
