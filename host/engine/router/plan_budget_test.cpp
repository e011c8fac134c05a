// Plans of calls whose deployments have budgets.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/router/plan_fixture.hpp"

namespace patchbay {
namespace {

using test::broken;
using test::PlanTest;
using testing::ElementsAre;
using testing::HasSubstr;

// Refuses those that are over.
class Gate final : public RouteGate {
  public:
    bool take(const Deployment& deployment, std::string_view called, int attempt) override {
        if (over.contains(deployment.id)) return false;
        taken.push_back(std::to_string(attempt) + " " + std::string(called));
        return true;
    }
    std::string refused(const Deployment& deployment) const override {
        return over.contains(deployment.id) ? "Exceeded budget for " + deployment.id : "";
    }
    bool unknown(const Deployment& deployment) const override {
        return nobody_knows.contains(deployment.id);
    }

    std::set<std::string> over, nobody_knows;
    std::vector<std::string> taken;
};

class PlanBudgetTest : public PlanTest {
  protected:
    PlanBudgetTest() { gate = &budgeted; }
    void add(const std::string& group, const std::string& id) {
        world.add(group, id).budgets.push_back(budgets.hold("deployment:" + id));
    }

    RouteBudgets budgets;
    Gate budgeted;
};

TEST_F(PlanBudgetTest, one_that_is_over_its_budget_is_not_asked) {
    add("g", "a");
    add("g", "b");
    world.finish();
    budgeted.over = {"a"};
    for (int i = 0; i < 20; ++i) {
        plan();
        EXPECT_EQ(begin(), "start b");
    }
    EXPECT_EQ(in_flight("g", 0), 0);
}

TEST_F(PlanBudgetTest, each_attempt_is_asked_for_under_its_number) {
    add("g", "a");
    add("g", "b");
    world.finish();
    plan();
    begin();
    failed(broken());
    EXPECT_THAT(budgeted.taken, testing::UnorderedElementsAre(HasSubstr("1 "), HasSubstr("2 ")));
}

TEST_F(PlanBudgetTest, a_group_whose_budgets_are_used_up_is_429_with_the_reasons) {
    add("g", "a");
    add("g", "b");
    world.finish();
    budgeted.over = {"a", "b"};
    plan();
    EXPECT_EQ(begin(), "fail");
    const Error error = plan_->take_error();
    EXPECT_EQ(error.status(), 429);
    EXPECT_EQ(error.message,
              "No deployments available - crossed budget: Exceeded budget for a\nExceeded budget "
              "for b");
}

TEST_F(PlanBudgetTest, a_group_of_whose_budgets_nobody_can_say_what_was_spent_is_503) {
    add("g", "a");
    add("g", "b");
    world.finish();
    budgeted.over = {"a", "b"};
    budgeted.nobody_knows = {"b"};
    plan();
    EXPECT_EQ(begin(), "fail");
    const Error error = plan_->take_error();
    EXPECT_EQ(error.status(), 503);
    EXPECT_EQ(error.type, "no_db_connection");
    EXPECT_EQ(error.retry_after, std::chrono::seconds(1));
}

TEST_F(PlanBudgetTest, fallbacks_take_over_from_it) {
    add("g", "a");
    world.add("h", "free");
    world.finish();
    world.settings().fallbacks.general["g"] = {"h"};
    budgeted.over = {"a"};
    plan();
    EXPECT_EQ(begin(), "start free");
    EXPECT_THAT(budgeted.taken, ElementsAre()) << "it has no budget";
}

TEST_F(PlanBudgetTest, a_region_keeps_calls_to_its_deployments) {
    add("g", "a");
    Deployment& eu = world.add("g", "b");
    eu.region = "eu";
    world.finish();
    region = "eu";
    for (int i = 0; i < 20; ++i) {
        plan();
        EXPECT_EQ(begin(), "start b");
    }
}

TEST_F(PlanBudgetTest, one_that_budgets_keep_out_does_not_wait_in_the_queue_for_them) {
    add("g", "a");
    world.finish();
    patchbay::Gate::Place other;
    patchbay::Gate::Entry entry;
    entry.priority = patchbay::Gate::kLowest;
    ASSERT_FALSE(other.enter(world.tables("g").memory->gate, entry, {}, world.now.steady));
    budgeted.over = {"a"};
    plan();
    EXPECT_EQ(begin(), "fail");
    EXPECT_THAT(error(), HasSubstr("Exceeded budget for a"));
    EXPECT_EQ(world.tables("g").memory->gate.waiting(), 1u);
}

}  // namespace
}  // namespace patchbay
