#include "engine/meter/allowance.hpp"

#include <algorithm>
#include <iostream>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay::meter {
namespace {

using Verdict = Allowance::Verdict;
constexpr std::int64_t kNow = 1'795'907'153'000'000;

store::LimitsRecord limits(std::optional<std::int64_t> most, std::int64_t spent = 0,
                           std::string_view duration = "") {
    store::LimitsRecord record;
    record.max_nano = most;
    record.spent = spent;
    record.duration = *store::read_budget_duration(duration);
    record.period = store::period_of(record.duration, kNow);
    return record;
}

TEST(Allowance, lets_in_what_fits_whatever_it_costs) {
    Allowance budget;
    budget.load(limits(100, 40));
    EXPECT_EQ(budget.reserve(30, kNow), Verdict::in);
    EXPECT_EQ(budget.reserve(30, kNow), Verdict::in);
    EXPECT_EQ(budget.reserve(1, kNow), Verdict::reserved) << "60 are left, and reserved";
    budget.settle(30, Verdict::in, 10, kNow);
    EXPECT_EQ(budget.spent(), 50);
    EXPECT_EQ(budget.reserve(20, kNow), Verdict::in);
}

TEST(Allowance, lets_one_call_at_a_time_close_the_budget) {
    Allowance budget;
    budget.load(limits(100, 90));
    EXPECT_EQ(budget.reserve(500, kNow), Verdict::closer);
    EXPECT_EQ(budget.reserve(500, kNow), Verdict::reserved);
    EXPECT_EQ(budget.reserve(1, kNow), Verdict::reserved);
    EXPECT_EQ(budget.settle(500, Verdict::closer, 5, kNow) & Allowance::kSoft, 0);
    EXPECT_EQ(budget.reserve(500, kNow), Verdict::closer) << "5 are left";
    budget.settle(500, Verdict::closer, 30, kNow);
    EXPECT_EQ(budget.spent(), 125);
    EXPECT_EQ(budget.reserve(1, kNow), Verdict::exceeded);
    EXPECT_EQ(budget.reserve(0, kNow), Verdict::exceeded) << "what is free, too, as LiteLLM has it";
}

TEST(Allowance, a_budget_of_nothing_lets_nothing_in_and_none_lets_all_in) {
    Allowance nothing;
    nothing.load(limits(0));
    EXPECT_EQ(nothing.reserve(0, kNow), Verdict::exceeded);
    Allowance none;
    none.load(limits(std::nullopt));
    EXPECT_FALSE(none.counts());
    EXPECT_EQ(none.reserve(1'000 * kDollar, kNow), Verdict::in);
}

TEST(Allowance, a_period_that_ends_forgets_what_was_spent_and_not_what_is_reserved) {
    Allowance budget;
    budget.load(limits(100, 100, "1h"));
    EXPECT_EQ(budget.reserve(1, kNow), Verdict::exceeded);
    const std::int64_t later = store::period_of({3'600, 0}, kNow).until;
    EXPECT_EQ(budget.reserve(60, later), Verdict::in);
    EXPECT_EQ(budget.spent(), 0);
    EXPECT_EQ(budget.reserve(60, later), Verdict::closer);
    budget.settle(60, Verdict::in, 7, later);
    EXPECT_EQ(budget.spent(), 7);
}

TEST(Allowance, what_is_loaded_again_changes_the_limit_and_not_what_was_counted) {
    Allowance budget;
    budget.load(limits(100, 10));
    EXPECT_EQ(budget.reserve(50, kNow), Verdict::in);
    budget.settle(50, Verdict::in, 50, kNow);
    budget.load(limits(200, 10));  // the store has not heard of the 50 yet
    EXPECT_EQ(budget.spent(), 60);
    EXPECT_EQ(budget.limit(kNow), 200);
    budget.load(limits(200, 90));  // others have spent of it, too
    EXPECT_EQ(budget.spent(), 90);
    budget.load(limits(200, 3, "1d"));
    EXPECT_EQ(budget.spent(), 3) << "of another period";
}

TEST(Allowance, what_was_added_for_a_time_ends_with_it) {
    Allowance budget;
    auto record = limits(100, 100);
    record.extra_nano = 50;
    record.extra_until = kNow + 10;
    budget.load(record);
    EXPECT_EQ(budget.limit(kNow), 150);
    EXPECT_EQ(budget.reserve(50, kNow), Verdict::in);
    EXPECT_EQ(budget.reserve(0, kNow + 10), Verdict::exceeded);
}

TEST(Allowance, the_soft_budget_is_told_of_once_in_a_period) {
    Allowance budget;
    store::LimitsRecord record;
    record.soft_nano = 10;
    record.duration = *store::read_budget_duration("1h");
    record.period = store::period_of(record.duration, kNow);
    budget.load(record);
    EXPECT_FALSE(budget.charge(9, kNow));
    EXPECT_TRUE(budget.charge(1, kNow));
    EXPECT_FALSE(budget.charge(100, kNow));
    EXPECT_TRUE(budget.charge(10, record.period.until));
}

// 8 threads, calls whose most is known: the budget is passed by at most the dearest call. Each call is held until
// others have begun, as in life.
TEST(Allowance, is_passed_by_the_cost_of_one_call_at_most) {
    constexpr Amount kMost = kDollar / 50;
    Amount worst = 0;
    for (int round = 0; round < 20; ++round) {
        Allowance budget;
        budget.load(limits(kDollar));
        std::vector<std::thread> threads;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&, seed = static_cast<unsigned>(round * 8 + t)] {
                std::mt19937 random(seed);
                struct Call {
                    Amount most;
                    Verdict how;
                };
                std::vector<Call> open;
                bool over = false;
                while (!over || !open.empty()) {
                    const Amount most = kMost / 2 + random() % (kMost / 2);
                    if (!over && open.size() < 25) {
                        const Verdict how = budget.reserve(most, kNow);
                        over = how == Verdict::exceeded;
                        if (how == Verdict::in || how == Verdict::closer)
                            open.push_back({most, how});
                    }
                    if (open.empty() || random() % 2 == 0) continue;
                    const std::size_t which = random() % open.size();
                    const Call call = open[which];
                    open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
                    const auto cost = static_cast<Amount>(random() % (call.most + 1));
                    budget.settle(call.most, call.how, cost, kNow);
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        EXPECT_GE(budget.spent(), kDollar) << "the budget was used up";
        EXPECT_LE(budget.spent(), kDollar + kMost);
        worst = std::max(worst, budget.spent() - kDollar);
    }
    std::cout << "passed by at most " << worst << " of " << kMost << " nano-dollars\n";
}

// Budgets that gateways share.

TEST(Allowance, a_share_of_a_budget_is_what_may_be_spent_here) {
    Allowance budget;
    budget.load(limits(100, 40));
    budget.share(20, 25);
    const std::int64_t until = budget.standing(kNow).until;
    EXPECT_EQ(budget.reserve(20, kNow), Verdict::in);
    EXPECT_EQ(budget.missed(), 0);
    EXPECT_EQ(budget.reserve(7, kNow), Verdict::reserved)
        << "of 60 that are left 20 are this one's";
    EXPECT_EQ(budget.missed(), 7);
    EXPECT_EQ(budget.missed(), 0) << "it is told once";
    budget.set_share(until, 30);
    EXPECT_EQ(budget.reserve(7, kNow), Verdict::in);
    budget.share(20, 25);
    EXPECT_EQ(budget.standing(kNow).share, 30) << "sharing has begun before";
    budget.settle(20, Verdict::in, 20, kNow);
    budget.settle(7, Verdict::in, 7, kNow);
    EXPECT_EQ(budget.standing(kNow).own, 27);
    EXPECT_EQ(budget.spent(), 67);
    EXPECT_EQ(budget.reserve(5, kNow), Verdict::closer) << "3 of the share are left";
    budget.settle(5, Verdict::closer, 5, kNow);
    EXPECT_EQ(budget.reserve(0, kNow), Verdict::reserved) << "others may have something left";
    budget.hear(until, 100);
    EXPECT_EQ(budget.reserve(0, kNow), Verdict::exceeded) << "nobody has";
}

TEST(Allowance, a_share_does_not_pass_what_the_budget_is_known_to_have_left) {
    Allowance budget;
    budget.load(limits(100));
    budget.share(50, 50);
    budget.hear(budget.standing(kNow).until, 90);
    EXPECT_EQ(budget.reserve(11, kNow), Verdict::closer);
    budget.settle(11, Verdict::closer, 0, kNow);
    EXPECT_EQ(budget.reserve(10, kNow), Verdict::in);
}

TEST(Allowance, a_share_is_not_lowered_below_what_is_reserved) {
    Allowance budget;
    budget.load(limits(100));
    budget.share(50, 50);
    const std::int64_t until = budget.standing(kNow).until;
    ASSERT_EQ(budget.reserve(30, kNow), Verdict::in);
    EXPECT_EQ(budget.lower_share(until, 10), 30);
    EXPECT_EQ(budget.standing(kNow).share, 30);
    budget.settle(30, Verdict::in, 5, kNow);
    EXPECT_EQ(budget.lower_share(until, 10), 10);
}

TEST(Allowance, a_new_period_begins_with_the_first_share_and_takes_no_grant_of_the_old_one) {
    Allowance budget;
    budget.load(limits(100, 0, "1d"));
    budget.share(40, 10);
    const auto before = budget.standing(kNow);
    (void)budget.charge(35, kNow);
    const std::int64_t tomorrow = before.until;
    EXPECT_EQ(budget.standing(tomorrow).own, 0);
    EXPECT_EQ(budget.standing(tomorrow).share, 10);
    budget.set_share(before.until, 90);
    budget.hear(before.until, 99);
    EXPECT_EQ(budget.standing(tomorrow).share, 10);
    EXPECT_EQ(budget.spent(tomorrow), 0);
}

}  // namespace
}  // namespace patchbay::meter
