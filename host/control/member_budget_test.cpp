#include "control/member_budget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class MemberBudgetTest : public ControlTest {
  protected:
    /// "max_budget" of each member, by name; "-" for one without a budget.
    std::map<std::string, std::string> budgets(const std::string& name = "max_budget") {
        std::map<std::string, std::string> found;
        const Reply info = get("/team/info?team_id=t");
        for (const json::value& member : info["team_memberships"].get_array()) {
            const json::value& table = member.at("litellm_budget_table");
            found[text(member.at("user_id"))] = table.is_null() ? "-" : text(table.at(name));
        }
        return found;
    }
    void add(const std::string& user, const std::string& more = "") {
        const Reply added =
            post("/team/member_add", R"({"team_id":"t","member":{"role":"user","user_id":")" +
                                         user + "\"}" + more + "}");
        EXPECT_EQ(added.status, 200) << added.text;
    }
    Reply update(const std::string& change) {
        return post("/team/update", R"({"team_id":"t",)" + change + "}");
    }
    using Budgets = std::map<std::string, std::string>;
};
INSTANTIATE_TEST_SUITE_P(On, MemberBudgetTest, store::test::kBoth, store::test::kind_name);

TEST_P(MemberBudgetTest, members_have_what_their_team_says_unless_they_have_their_own) {
    const Reply made = post("/team/new",
                            R"({"team_id":"t","team_member_budget":5,"team_member_rpm_limit":2,
        "team_member_budget_duration":"30d","members_with_roles":[{"role":"user","user_id":"ann"}]})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["metadata"].at("team_member_budget")), "5");
    add("bob");
    add("eve", R"(,"max_budget_in_team":1)");
    EXPECT_EQ(budgets(), (Budgets{{"ann", "5"}, {"bob", "5"}, {"eve", "1"}}));
    EXPECT_EQ(budgets("rpm_limit"), (Budgets{{"ann", "2"}, {"bob", "2"}, {"eve", "2"}}));
    EXPECT_EQ(budgets("budget_duration")["ann"], "30d");
    // The change of the team's is theirs, but not of one that has its own.
    ASSERT_EQ(update(R"("team_member_budget":7)").status, 200);
    EXPECT_EQ(budgets(), (Budgets{{"ann", "7"}, {"bob", "7"}, {"eve", "1"}}));
    // And a change of one's is nobody else's.
    EXPECT_EQ(
        post("/team/member_update", R"({"team_id":"t","user_id":"bob","rpm_limit":9})").status,
        200);
    EXPECT_EQ(budgets("rpm_limit"), (Budgets{{"ann", "2"}, {"bob", "9"}, {"eve", "2"}}));
    EXPECT_EQ(budgets()["bob"], "7");
    ASSERT_EQ(update(R"("team_member_budget":8)").status, 200);
    EXPECT_EQ(budgets(), (Budgets{{"ann", "8"}, {"bob", "7"}, {"eve", "1"}}));
    EXPECT_EQ(post("/user/new", R"({"user_id":"joe","teams":["t"]})").status, 200);
    EXPECT_EQ(budgets()["joe"], "8");
}

TEST_P(MemberBudgetTest, members_of_before_get_it_and_other_metadata_take_it_from_nobody) {
    post("/team/new", R"({"team_id":"t"})");
    add("ann");
    EXPECT_EQ(budgets()["ann"], "-");
    ASSERT_EQ(update(R"("team_member_budget":5)").status, 200);
    EXPECT_EQ(budgets()["ann"], "5");
    const Reply other = update(R"("metadata":{"a":1})");
    EXPECT_EQ(text(other["data"].at("metadata")), R"({"a":1,"team_member_budget":5})");
    EXPECT_EQ(budgets()["ann"], "5");
    EXPECT_EQ(update(R"("metadata":{"team_member_budget":6})").status, 200);
    EXPECT_EQ(budgets()["ann"], "6");
    EXPECT_EQ(update(R"("metadata":{"team_member_budget":"much"})").status, 422);
    EXPECT_EQ(update(R"("team_member_budget":-1)").status, 400);
    EXPECT_EQ(budgets()["ann"], "6");
    EXPECT_EQ(update(R"("team_member_budget":null)").status, 200);
    EXPECT_EQ(budgets()["ann"], "null");
}

TEST_P(MemberBudgetTest, models_of_single_members_are_refused) {
    EXPECT_THAT(post("/team/new", R"({"team_id":"t","default_team_member_models":["m"]})").text,
                HasSubstr("default_team_member_models is not done"));
    EXPECT_EQ(post("/team/new", R"({"team_id":"t","default_team_member_models":[]})").status, 200);
    const Reply added =
        post("/team/member_add",
             R"({"team_id":"t","member":{"role":"user","user_id":"a"},"allowed_models":["m"]})");
    EXPECT_EQ(added.status, 400);
    EXPECT_THAT(added.text, HasSubstr("allowed_models is not done"));
}

}  // namespace
}  // namespace patchbay::control
