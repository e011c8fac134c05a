#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;

class TeamsTest : public ControlTest {};
INSTANTIATE_TEST_SUITE_P(On, TeamsTest, store::test::kBoth, store::test::kind_name);

TEST_P(TeamsTest, a_team_has_members_limits_and_keys) {
    const Reply made =
        post("/team/new", R"({"team_alias":"my-new-team_2","max_budget":10.5,"models":["gpt-4o"],
        "members_with_roles":[{"role":"admin","user_id":"ada"},{"role":"user","user_email":"b@x.org"}]})");
    ASSERT_EQ(made.status, 200) << made.text;
    const std::string id = text(made["team_id"]);
    EXPECT_EQ(id.size(), 36u);
    EXPECT_EQ(text(made["max_budget"]), "10.5");
    EXPECT_EQ(made["members_with_roles"].get_array().size(), 2u);
    const Reply key = post("/key/generate", R"({"team_id":")" + id + "\"}");
    EXPECT_EQ(text(key["team_id"]), id);

    const Reply added =
        post("/team/member_add",
             R"({"team_id":")" + id +
                 R"(","member":[{"role":"user","user_id":"eve"}],"max_budget_in_team":0.5})");
    ASSERT_EQ(added.status, 200) << added.text;
    EXPECT_EQ(text(added["updated_users"].get_array().at(0).at("user_id")), "eve");
    const Reply info = get("/team/info?team_id=" + id);
    EXPECT_EQ(info["keys"].get_array().size(), 1u);
    EXPECT_THAT(info.text, HasSubstr(R"("max_budget":0.5)"));
    EXPECT_EQ(info["team_memberships"].get_array().size(), 3u);

    EXPECT_THAT(post("/team/member_add",
                     R"({"team_id":")" + id + R"(","member":{"role":"user","user_id":"eve"}})")
                    .message(),
                HasSubstr("already in team"));
    const Reply changed = post("/team/member_update",
                               R"({"team_id":")" + id + R"(","user_id":"eve","role":"admin"})");
    EXPECT_EQ(text(changed["role"]), "admin");
    EXPECT_EQ(text(changed["max_budget_in_team"]), "0.5") << "what is not named stays, and is told";
    const Reply removed =
        post("/team/member_delete", R"({"team_id":")" + id + R"(","user_email":"b@x.org"})");
    ASSERT_EQ(removed.status, 200) << removed.text;
    EXPECT_EQ(removed["members_with_roles"].get_array().size(), 2u);
    EXPECT_EQ(
        post("/team/member_delete", R"({"team_id":")" + id + R"(","user_id":"nobody"})").status,
        404);
}

TEST_P(TeamsTest, an_update_answers_with_the_team) {
    ASSERT_EQ(post("/team/new", R"({"team_id":"red","tpm_limit":5})").status, 200);
    const Reply changed =
        post("/team/update", R"({"team_id":"red","team_alias":"Red","tpm_limit":null})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(text(changed["data"].at("team_alias")), "Red");
    EXPECT_EQ(text(changed["data"].at("tpm_limit")), "null");
    EXPECT_EQ(post("/team/update", R"({"team_id":"none"})").status, 404);
    EXPECT_EQ(post("/team/new", R"({"team_id":"red"})").status, 400);
}

TEST_P(TeamsTest, a_deleted_team_takes_its_keys_and_memberships_along) {
    ASSERT_EQ(post("/team/new",
                   R"({"team_id":"red","members_with_roles":[{"role":"user","user_id":"ada"}]})")
                  .status,
              200);
    const std::string key = text(post("/key/generate", R"({"team_id":"red"})")["key"]);
    const Reply gone = post("/team/delete", R"({"team_ids":["red"]})");
    ASSERT_EQ(gone.status, 200) << gone.text;
    EXPECT_EQ(get("/key/info", key).status, 401);
    EXPECT_EQ(get("/team/info?team_id=red").status, 404);
    EXPECT_EQ(get("/user/info?user_id=ada")["teams"].get_array().size(), 0u);
}

TEST_P(TeamsTest, the_last_model_that_goes_does_not_open_all_others) {
    ASSERT_EQ(post("/team/new", R"({"team_id":"red","models":["a"]})").status, 200);
    EXPECT_EQ(text(post("/team/model/add", R"({"team_id":"red","models":["a","b"]})")["models"]),
              R"(["a","b"])");
    EXPECT_EQ(text(post("/team/model/delete", R"({"team_id":"red","models":["a"]})")["models"]),
              R"(["b"])");
    EXPECT_EQ(text(post("/team/model/delete", R"({"team_id":"red","models":["b"]})")["models"]),
              R"(["no-default-models"])");
    ASSERT_EQ(post("/team/new", R"({"team_id":"all"})").status, 200);
    EXPECT_EQ(post("/team/model/add", R"({"team_id":"all","models":["a"]})").status, 400);
}

TEST_P(TeamsTest, permissions_of_members_are_set_by_their_administrators) {
    const std::string ada = key_of("ada", "internal_user");
    const std::string bob = key_of("bob", "internal_user");
    ASSERT_EQ(post("/team/new",
                   R"({"team_id":"red","members_with_roles":[{"role":"admin","user_id":"ada"},
        {"role":"user","user_id":"bob"}]})")
                  .status,
              200);
    EXPECT_EQ(text(get("/team/permissions_list?team_id=red", ada)["team_member_permissions"]),
              R"(["/key/info","/key/health"])");
    const char* asked = R"({"team_id":"red","team_member_permissions":["/key/generate"]})";
    EXPECT_EQ(post("/team/permissions_update", asked, bob).status, 403);
    ASSERT_EQ(post("/team/permissions_update", asked, ada).status, 200);
    EXPECT_EQ(post("/key/generate", R"({"team_id":"red"})", bob).status, 200);
    EXPECT_EQ(post("/team/permissions_update",
                   R"({"team_id":"red","team_member_permissions":["/team/delete"]})")
                  .status,
              422);
    const std::string key = text(post("/key/generate", R"({"team_id":"red"})", ada)["key"]);
    const std::string named = R"({"key":")" + key + R"(","metadata":{"x":1}})";
    EXPECT_EQ(post("/key/update", named, bob).status, 403);
    ASSERT_EQ(post("/team/permissions_update",
                   R"({"team_id":"red","team_member_permissions":["/key/update"]})", ada)
                  .status,
              200);
    EXPECT_EQ(post("/key/update", named, bob).status, 200);
    EXPECT_EQ(post("/key/delete", R"({"keys":[")" + key + "\"]}", bob).status, 403);
    const Reply own = get("/team/red/members/me", bob);
    EXPECT_EQ(text(own["role"]), "user");
    EXPECT_EQ(text(own["spend"]), "0");
    EXPECT_EQ(get("/team/red/members/me").status, 404);
}

TEST_P(TeamsTest, teams_are_listed_by_pages) {
    for (const char* id : {"a", "b", "c"}) {
        ASSERT_EQ(post("/team/new", std::string(R"({"team_id":")") + id + "\"}").status, 200);
    }
    const Reply page = get("/v2/team/list?page=2&page_size=2");
    EXPECT_EQ(page["total"], 3);
    EXPECT_EQ(page["total_pages"], 2);
    EXPECT_EQ(page["teams"].get_array().size(), 1u);
    EXPECT_EQ(text(page["teams"].get_array().at(0).at("team_id")), "c");
    EXPECT_EQ(get("/team/available").text, "[]");
}

TEST_P(TeamsTest, users_are_made_listed_and_changed) {
    const Reply made = post(
        "/user/new",
        R"({"user_email":"a@x.org","user_role":"internal_user","max_budget":3,"models":["m"]})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_THAT(text(made["key"]), HasSubstr("sk-"));
    EXPECT_EQ(text(made["max_budget"]), "3");
    const std::string id = text(made["user_id"]);
    const Reply info = get("/user/info?user_id=" + id);
    EXPECT_EQ(info["keys"].get_array().size(), 1u);
    // The limit is the user's; the key has none of its own.
    EXPECT_EQ(text(info["keys"].get_array().at(0).at("max_budget")), "null");
    EXPECT_EQ(text(get("/v2/user/info?user_id=" + id)["user_email"]), "a@x.org");
    EXPECT_EQ(post("/user/new", R"({"user_id":")" + id + "\"}").status, 409);
    EXPECT_EQ(post("/user/new", R"({"user_role":"king"})").status, 422);
    // An address belongs to one user, and to one that has a part of it to another.
    EXPECT_EQ(post("/user/new", R"({"user_email":"A@X.org"})").status, 409);
    EXPECT_EQ(post("/user/new", R"({"user_email":"@x.org","auto_create_key":false})").status, 200);
    EXPECT_EQ(text(post("/user/new", R"({"user_id":"bare","auto_create_key":false})")["key"]),
              "null");
    const Reply changed = post("/user/update", R"({"user_email":"a@x.org","user_alias":"A"})");
    EXPECT_EQ(text(changed["data"].at("user_alias")), "A");
    const Reply list = get("/user/list?role=internal_user");
    EXPECT_EQ(list["total"], 1);
    EXPECT_EQ(list["users"].get_array().at(0).at("key_count"), 1u);
    EXPECT_EQ(get("/user/list?user_ids=bare," + id)["total"], 2);
}

TEST_P(TeamsTest, a_budget_is_shared_and_stays_while_somebody_has_it) {
    ASSERT_EQ(post("/budget/new",
                   R"({"budget_id":"b","max_budget":2,"rpm_limit":4,"budget_duration":"1d",
                       "model_max_budget":{"gpt-4o":{"budget_limit":1,"time_period":"1d"}}})")
                  .status,
              200);
    const std::string key = text(post("/key/generate", R"({"budget_id":"b"})")["key"]);
    const Reply info = get("/key/info?key=" + key);
    EXPECT_EQ(text(info["info"].at("budget_id")), "b");
    EXPECT_EQ(text(info["info"].at("litellm_budget_table").at("max_budget")), "2");
    EXPECT_EQ(text(info["info"].at("litellm_budget_table").at("model_max_budget")),
              R"({"gpt-4o":{"budget_limit":1,"time_period":"1d"}})");
    EXPECT_EQ(text(post("/budget/update", R"({"budget_id":"b","max_budget":3})")["max_budget"]),
              "3");
    EXPECT_EQ(post("/budget/info", R"({"budgets":["b","none"]})").body.get_array().size(), 1u);
    ASSERT_EQ(post("/key/generate", R"({"max_budget":1})").status, 200);
    EXPECT_EQ(get("/budget/list").body.get_array().size(), 1u);
    EXPECT_THAT(post("/budget/delete", R"({"id":"b"})").message(),
                HasSubstr("in use by 1 rows of key"));
    ASSERT_EQ(post("/key/update", R"({"key":")" + key + R"(","budget_id":null})").status, 200);
    EXPECT_EQ(post("/budget/delete", R"({"id":"b"})").status, 200);
}

TEST_P(TeamsTest, customers_have_limits_and_can_be_blocked) {
    EXPECT_EQ(post("/customer/new", R"({"user_id":"a","allowed_model_region":"mars"})").status,
              422);
    for (const std::string base : {"/customer", "/end_user"}) {
        const Reply made = post(base + "/new", R"({"user_id":"shop","max_budget":0.25})");
        ASSERT_EQ(made.status, 200) << made.text;
        EXPECT_THAT(get(base + "/info?end_user_id=shop").text, HasSubstr(R"("blocked":false)"));
        EXPECT_EQ(post(base + "/block", R"({"user_ids":["shop","new"]})")["blocked_users"]
                      .get_array()
                      .size(),
                  2u);
        EXPECT_THAT(get(base + "/info?end_user_id=shop").text, HasSubstr(R"("blocked":true)"));
        EXPECT_EQ(get(base + "/list").body.get_array().size(), 2u);
        EXPECT_EQ(post(base + "/unblock", R"({"user_ids":["shop"]})").text,
                  R"({"blocked_users":["new"]})");
        EXPECT_EQ(post(base + "/delete", R"({"user_ids":["shop","new"]})")["deleted_customers"],
                  2u);
        EXPECT_EQ(get(base + "/info?end_user_id=shop").status, 404);
    }
}

TEST_P(TeamsTest, an_unknown_path_or_method_is_told) {
    EXPECT_EQ(get("/key/nothing").status, 404);
    EXPECT_EQ(get("/key/generate").status, 405);
}

TEST(WithoutDatabase, every_route_answers_as_litellm_does) {
    Dispatch dispatch{std::nullopt};
    dispatch.use({.master_key = Secret(std::string(kMaster))});
    const auto status = [&](const char* method, const char* path, std::string_view key) {
        return dispatch
            .answer({.method = method,
                     .path = path,
                     .query = {},
                     .text = {},
                     .key = Secret(std::string(key))})
            .status;
    };
    EXPECT_EQ(status("POST", "/key/generate", kMaster), 500);
    EXPECT_EQ(status("GET", "/team/list", kMaster), 400);
    EXPECT_EQ(status("POST", "/team/update", kMaster), 401);
    EXPECT_EQ(status("POST", "/key/generate", "sk-some-key"), 400);
    EXPECT_EQ(status("POST", "/key/generate", ""), 401);
}

}  // namespace
}  // namespace patchbay::control
