#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;

class OrganizationsTest : public ControlTest {
  protected:
    void begin() override {
        const Reply made = post("/organization/new", R"({"organization_id":"acme",
            "organization_alias":"Acme","max_budget":100,"models":["gpt-4o"]})");
        EXPECT_EQ(made.status, 200) << made.text;
    }
};
INSTANTIATE_TEST_SUITE_P(On, OrganizationsTest, store::test::kBoth, store::test::kind_name);

TEST_P(OrganizationsTest, an_organization_has_limits_members_and_teams) {
    ASSERT_EQ(post("/team/new", R"({"team_id":"red","organization_id":"acme"})").status, 200);
    const Reply added = post("/organization/member_add", R"({"organization_id":"acme",
        "member":{"user_id":"ada","role":"org_admin"},"max_budget_in_organization":0.5})");
    ASSERT_EQ(added.status, 200) << added.text;
    EXPECT_EQ(text(added["updated_users"].get_array().at(0).at("user_id")), "ada");
    const Reply info = get("/organization/info?organization_id=acme");
    EXPECT_EQ(text(info["max_budget"]), "100");
    EXPECT_EQ(text(info["teams"].get_array().at(0).at("team_id")), "red");
    EXPECT_EQ(text(info["members"].get_array().at(0).at("user_role")), "org_admin");
    EXPECT_THAT(info.text, HasSubstr(R"("max_budget":0.5)"));
    // A key of the team counts for the organization.
    const Reply key = post("/key/generate", R"({"team_id":"red"})");
    EXPECT_EQ(text(key["organization_id"]), "acme");
    EXPECT_EQ(get("/key/list?organization_id=acme")["total_count"], 1);

    const char* named = R"({"organization_id":"acme","user_id":"ada","role":"internal_user"})";
    EXPECT_EQ(text(ask("PATCH", "/organization/member_update", named)["user_role"]),
              "internal_user");
    EXPECT_EQ(ask("DELETE", "/organization/member_delete", named).status, 200);
    EXPECT_EQ(ask("DELETE", "/organization/member_delete", named).status, 404);
}

TEST_P(OrganizationsTest, one_that_has_teams_or_keys_stays) {
    ASSERT_EQ(post("/team/new", R"({"team_id":"red","organization_id":"acme"})").status, 200);
    const char* named = R"({"organization_ids":["acme"]})";
    EXPECT_THAT(ask("DELETE", "/organization/delete", named).message(),
                HasSubstr("still has 1 rows of team"));
    ASSERT_EQ(post("/team/update", R"({"team_id":"red","organization_id":null})").status, 200);
    EXPECT_EQ(ask("DELETE", "/organization/delete", named).body.get_array().size(), 1u);
    EXPECT_EQ(get("/organization/info?organization_id=acme").status, 404);
    EXPECT_EQ(post("/team/new", R"({"organization_id":"acme"})").status, 404);
}

TEST_P(OrganizationsTest, only_members_see_it) {
    const std::string ada = key_of("ada", "internal_user");
    EXPECT_EQ(get("/organization/info?organization_id=acme", ada).status, 403);
    EXPECT_EQ(get("/organization/list", ada).text, "[]");
    const char* member = R"({"organization_id":"acme","member":[{"user_id":"ada"}]})";
    EXPECT_EQ(post("/organization/member_add", member, ada).status, 401);
    ASSERT_EQ(post("/organization/member_add", member).status, 200);
    EXPECT_EQ(post("/organization/member_add", member).status, 400);
    EXPECT_EQ(get("/organization/info?organization_id=acme", ada).status, 200);
    EXPECT_EQ(get("/organization/list", ada).body.get_array().size(), 1u);
}

TEST_P(OrganizationsTest, an_update_changes_what_it_names) {
    const Reply changed =
        ask("PATCH", "/organization/update", R"({"organization_id":"acme","max_budget":null})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(text(changed["max_budget"]), "null");
    EXPECT_EQ(text(changed["organization_alias"]), "Acme");
    EXPECT_EQ(
        post("/organization/new", R"({"organization_id":"acme","organization_alias":"x"})").status,
        400);
    EXPECT_EQ(post("/organization/new", "{}").status, 422);
    EXPECT_EQ(get("/organization/list?org_alias=ACM").body.get_array().size(), 1u);
}

}  // namespace
}  // namespace patchbay::control
