// Budgets of providers and deployments that gateways share.
#include <gtest/gtest.h>

#include "engine/shared/lease_fixture.hpp"

namespace patchbay {
namespace {

constexpr store::BudgetDuration kOneDay{86'400, 0}, kOneWeek{7 * 86'400, 0};
const std::string kName = "provider:openai";

/// A gateway with one budget, and what its books say was spent of it.
class RouteLease : public testing::Test {
  protected:
    void limit(const store::BudgetDuration& duration) {
        budgets.limit({{kName, {100, duration}}}, world.now().unix_us);
    }
    void seed() {
        (void)budgets.seed([](auto&&...) { return std::optional<std::int64_t>(60); },
                           world.now().unix_us);
    }
    /// What the server would be told was spent by all; nullopt: nothing.
    std::optional<std::int64_t> told() {
        count->use({2, 1'000}, world.now());
        const auto state = count->look(world.now());
        return state ? std::optional(state->known) : std::nullopt;
    }

    test::World world;
    RouteBudgets budgets;
    std::unique_ptr<SharedCount> count = leased_count(budgets.hold(kName));
};

TEST_F(RouteLease, nothing_is_told_of_a_period_before_it_is_known_what_was_spent_in_it) {
    limit(kOneDay);
    EXPECT_EQ(told(), std::nullopt);
    seed();
    budgets.settle();
    EXPECT_EQ(told(), 60);
    limit(kOneDay);
    EXPECT_EQ(told(), 60) << "nothing has changed";
    limit(kOneWeek);
    EXPECT_EQ(told(), std::nullopt) << "another period";
    seed();
    budgets.settle();
    EXPECT_EQ(told(), 60);
    budgets.limit({}, world.now().unix_us);
    EXPECT_EQ(told(), std::nullopt);
    limit(kOneWeek);
    EXPECT_EQ(told(), std::nullopt) << "a limit that comes back";
    seed();
    budgets.settle();
    EXPECT_EQ(told(), 60);
}

TEST_F(RouteLease, where_nobody_can_say_it_a_budget_is_shared_all_the_same) {
    limit(kOneDay);
    budgets.settle();
    EXPECT_EQ(told(), 0);
}

}  // namespace
}  // namespace patchbay
