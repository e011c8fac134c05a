#include "engine/lanes/route_budgets.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

using Verdict = meter::Allowance::Verdict;
constexpr std::int64_t kNow = 1'795'907'153'000'000;
constexpr store::BudgetDuration kDay{86'400, 0};

TEST(RouteBudgets, what_has_no_limit_lets_all_in) {
    RouteBudgets budgets;
    const auto openai = budgets.hold("provider:openai");
    EXPECT_FALSE(budgets.any());
    EXPECT_EQ(openai->allowance.reserve(1'000'000, kNow), Verdict::in);
}

TEST(RouteBudgets, limits_come_and_go_and_what_was_counted_stays) {
    RouteBudgets budgets;
    const auto openai = budgets.hold("provider:openai");
    budgets.limit({{"provider:openai", {100, kDay}}}, kNow);
    EXPECT_TRUE(budgets.any());
    openai->allowance.charge(60, kNow);
    budgets.limit({{"provider:openai", {200, kDay}}}, kNow);
    EXPECT_EQ(budgets.hold("provider:openai"), openai);
    EXPECT_EQ(openai->allowance.spent(), 60);
    EXPECT_EQ(openai->allowance.limit(kNow), 200);
    budgets.limit({}, kNow);
    EXPECT_FALSE(budgets.any());
    EXPECT_FALSE(openai->allowance.hard());
}

TEST(RouteBudgets, what_the_books_say_is_added_once) {
    RouteBudgets budgets;
    budgets.limit({{"provider:openai", {100, kDay}}}, kNow);
    const auto openai = budgets.hold("provider:openai");
    int asked = 0;
    const auto say = [&](std::optional<std::int64_t> spent) {
        return [&asked, spent](const std::string& counter, const store::BudgetDuration& duration) {
            EXPECT_EQ(counter, "provider:openai");
            EXPECT_EQ(duration, kDay);
            ++asked;
            return spent;
        };
    };
    EXPECT_FALSE(budgets.seed(say(std::nullopt), kNow));
    EXPECT_TRUE(budgets.seed(say(100), kNow));
    EXPECT_EQ(openai->allowance.reserve(1, kNow), Verdict::exceeded);
    EXPECT_TRUE(budgets.seed(say(500), kNow));
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(openai->allowance.spent(), 100);
}

TEST(RouteBudgets, one_of_which_nobody_can_say_it_is_unknown_until_somebody_can) {
    RouteBudgets budgets;
    const auto openai = budgets.hold("provider:openai");
    const auto all = budgets.hold("proxy");
    budgets.limit({{"provider:openai", {100, kDay}}, {"proxy", {100, kDay}}}, kNow);
    std::optional<std::int64_t> known;
    const auto say = [&](const std::string& counter, const auto&) {
        return counter == "proxy" ? std::optional<std::int64_t>(7) : known;
    };
    EXPECT_FALSE(budgets.seed(say, kNow));
    budgets.settle();
    EXPECT_TRUE(openai->unknown);
    EXPECT_FALSE(openai->settled) << "others would be told that nothing was spent";
    EXPECT_FALSE(all->unknown);
    EXPECT_TRUE(all->settled);
    // Another limit of the same period is no reason to forget that.
    budgets.limit({{"provider:openai", {200, kDay}}, {"proxy", {100, kDay}}}, kNow);
    EXPECT_TRUE(openai->unknown);
    // It is said on the next day.
    known = 150;
    constexpr std::int64_t kNextDay = kNow + 86'400'000'000;
    EXPECT_TRUE(budgets.seed(say, kNextDay));
    EXPECT_FALSE(openai->unknown);
    EXPECT_TRUE(openai->settled);
    EXPECT_EQ(openai->allowance.spent(kNextDay), 150);
    EXPECT_EQ(openai->allowance.reserve(51, kNextDay), Verdict::closer);
}

TEST(RouteBudgets, one_that_has_no_limit_any_more_is_not_unknown) {
    RouteBudgets budgets;
    const auto openai = budgets.hold("provider:openai");
    budgets.limit({{"provider:openai", {100, kDay}}}, kNow);
    const auto nobody = [](const auto&, const auto&) { return std::optional<std::int64_t>(); };
    EXPECT_FALSE(budgets.seed(nobody, kNow));
    EXPECT_TRUE(openai->unknown);
    budgets.limit({}, kNow);
    EXPECT_FALSE(openai->unknown);
    EXPECT_TRUE(budgets.seed(nobody, kNow));
}

}  // namespace
}  // namespace patchbay
