// What callers that are no administrators may see and change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;
using testing::Not;

class ScopeTest : public ControlTest {
  protected:
    void begin() override {
        ada = key_of("ada", "internal_user");
        bob = key_of("bob", "internal_user");
        EXPECT_EQ(post("/team/new", R"({"team_id":"red","members_with_roles":[
            {"role":"admin","user_id":"ada"},{"role":"user","user_id":"bob"}]})")
                      .status,
                  200);
        const Reply made = post("/key/service-account/generate", R"({"team_id":"red"})");
        EXPECT_EQ(made.status, 200) << made.text;
        service = text(made["key"]);
    }
    static std::string named(const std::string& key, const std::string& more = "") {
        return R"({"key":")" + key + "\"" + more + "}";
    }

    std::string ada, bob, service;
};
INSTANTIATE_TEST_SUITE_P(On, ScopeTest, store::test::kBoth, store::test::kind_name);

TEST_P(ScopeTest, a_key_that_is_no_key_is_refused_and_not_repeated) {
    struct Row {
        std::string key;
        int status;
        std::string type;
    };
    for (const Row& row : {Row{"", 401, "auth_error"}, Row{"canary-not-sk", 401, "auth_error"},
                           Row{"sk-canary-nobody", 401, "token_not_found_in_db"}}) {
        const Reply reply = get("/key/list", row.key);
        EXPECT_EQ(reply.status, row.status) << row.key;
        EXPECT_EQ(text(reply["error"].at("type")), row.type);
        EXPECT_THAT(reply.text, Not(HasSubstr("canary")));
    }
}

TEST_P(ScopeTest, roles_decide_which_routes_are_open) {
    const std::string viewer = key_of("eve", "internal_user_viewer");
    const std::string looking = key_of("max", "proxy_admin_viewer");
    EXPECT_EQ(post("/key/generate", "{}", viewer).status, 401);
    EXPECT_THAT(post("/team/new", "{}", ada).message(), HasSubstr("Only proxy admin"));
    EXPECT_EQ(get("/user/list", looking).status, 200);
    EXPECT_EQ(post("/key/generate", "{}", looking).status, 401);
    EXPECT_EQ(get("/spend/logs", viewer).status, 200);
    EXPECT_EQ(get("/spend/logs", service).status, 401);
}

TEST_P(ScopeTest, the_configuration_keeps_routes_for_administrators) {
    dispatch->use({.master_key = Secret(std::string(kMaster)),
                   .admin_only_routes = {"/key/generate", "/team/*", "/key/x/regenerate"}});
    const Reply refused = post("/key/generate", "{}", ada);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.message(), HasSubstr("/key/generate is an admin only route"));
    EXPECT_EQ(get("/team/info?team_id=red", ada).status, 403);
    EXPECT_EQ(post("/key/x/regenerate", "{}", ada).status, 403);
    EXPECT_EQ(get("/key/list", ada).status, 200);
    EXPECT_EQ(post("/key/generate", "{}").status, 200);
    EXPECT_EQ(get("/team/info?team_id=red", key_of("root", "proxy_admin")).status, 200);
}

TEST_P(ScopeTest, a_user_makes_keys_for_nobody_else) {
    const Reply own = post("/key/generate", R"({"models":["gpt-4o"]})", bob);
    ASSERT_EQ(own.status, 200) << own.text;
    EXPECT_EQ(text(own["user_id"]), "bob");
    EXPECT_EQ(post("/key/generate", R"({"user_id":"ada"})", bob).status, 403);
    EXPECT_EQ(post("/key/generate", R"({"allowed_routes":["management_routes"]})", bob).status,
              403);
    EXPECT_EQ(post("/key/generate", R"({"organization_id":"x"})", bob).status, 403);
    EXPECT_EQ(post("/key/generate", R"({"team_id":"red"})", bob).status, 401);
    EXPECT_EQ(post("/key/generate", R"({"team_id":"red"})", ada).status, 200);
    ASSERT_EQ(
        post("/team/update", R"({"team_id":"red","team_member_permissions":["/key/generate"]})")
            .status,
        200);
    EXPECT_EQ(post("/key/generate", R"({"team_id":"red"})", bob).status, 200);
}

TEST_P(ScopeTest, a_key_is_seen_and_changed_by_its_user_and_its_teams_administrators) {
    EXPECT_EQ(get("/key/list", service)["total_count"], 1);
    EXPECT_EQ(get("/key/info?key=" + ada, bob).status, 403);
    EXPECT_EQ(get("/key/info?key=" + service, bob).status, 200);
    EXPECT_EQ(post("/key/update", named(ada, R"(,"metadata":{})"), bob).status, 403);
    EXPECT_EQ(post("/key/update", named(service, R"(,"metadata":{})"), bob).status, 403);
    EXPECT_EQ(post("/key/update", named(service, R"(,"max_budget":3)"), ada).status, 200);
    EXPECT_EQ(post("/key/update", named(service, R"(,"team_id":"blue")"), ada).status, 404);
    ASSERT_EQ(post("/team/new", R"({"team_id":"blue"})").status, 200);
    EXPECT_EQ(post("/key/update", named(service, R"(,"team_id":"blue")"), ada).status, 403);
    EXPECT_EQ(post("/key/update", named(service, R"(,"user_id":"bob")"), ada).status, 200);
    EXPECT_EQ(post("/key/update", named(service, R"(,"allowed_routes":["/x"])"), ada).status, 403);
    EXPECT_EQ(post("/key/delete", R"({"keys":[")" + ada + "\"]}", bob).status, 403);
    EXPECT_EQ(post("/key/block", named(bob), bob).status, 403);
    EXPECT_EQ(get("/key/list", bob)["total_count"], 2);
    EXPECT_EQ(get("/key/list?include_team_keys=true", bob)["total_count"], 2);
}

TEST_P(ScopeTest, who_has_a_key_cannot_widen_what_others_have_set) {
    ASSERT_EQ(post("/key/update", named(bob, R"(,"max_budget":1,"guardrails":["pii"])")).status,
              200);
    for (const char* more :
         {R"(,"max_budget":100)", R"(,"max_budget":null)", R"(,"rpm_limit":5)",
          R"(,"blocked":false)", R"(,"guardrails":[])", R"(,"metadata":{})", R"(,"team_id":"red")",
          R"(,"user_id":"ada")", R"(,"budget_id":null)"}) {
        const Reply reply = post("/key/update", named(bob, more), bob);
        EXPECT_EQ(reply.status, 403) << more << reply.text;
    }
    EXPECT_EQ(post("/key/update", named(bob, R"(,"key_alias":"mine")"), bob).status, 200);
    EXPECT_EQ(
        post("/key/update", named(bob, R"(,"metadata":{"guardrails":["pii"],"x":1})"), bob).status,
        200);
    EXPECT_EQ(post("/key/regenerate", named(bob, R"(,"max_budget":100)"), bob).status, 403);
}

TEST_P(ScopeTest, a_team_is_seen_by_its_members_and_changed_by_its_administrators) {
    ASSERT_EQ(post("/team/new", R"({"team_id":"blue"})").status, 200);
    EXPECT_EQ(get("/team/info?team_id=blue", bob).status, 403);
    const Reply info = get("/team/info?team_id=red", bob);
    EXPECT_EQ(info.status, 200);
    EXPECT_EQ(get("/team/list", bob).body.get_array().size(), 1u);
    EXPECT_EQ(get("/team/list").body.get_array().size(), 2u);
    const char* member = R"({"team_id":"red","member":{"role":"user","user_id":"eve"}})";
    EXPECT_EQ(post("/team/member_add", member, bob).status, 403);
    EXPECT_EQ(post("/team/member_add", member, service).status, 403);
    EXPECT_EQ(post("/team/member_add", member, ada).status, 200);
    EXPECT_EQ(get("/user/info?user_id=ada", bob).status, 403);
    EXPECT_EQ(get("/user/info", bob).status, 200);
}

TEST_P(ScopeTest, a_key_with_allowed_routes_opens_only_these) {
    const auto made = [&](const char* routes) {
        return text(post("/key/generate", std::string(R"({"user_id":"root","allowed_routes":)") +
                                              routes + "}")["key"]);
    };
    ASSERT_EQ(post("/user/new", R"({"user_id":"root","user_role":"proxy_admin"})").status, 200);
    EXPECT_EQ(get("/key/list", made(R"(["llm_api_routes"])")).status, 403);
    EXPECT_EQ(get("/key/list", made(R"(["info_routes"])")).status, 200);
    EXPECT_EQ(get("/user/list", made(R"(["info_routes"])")).status, 403);
    EXPECT_EQ(get("/user/list", made(R"(["/user/*"])")).status, 200);
    EXPECT_EQ(get("/team/list", made(R"(["management_routes"])")).status, 200);
    const Reply typed = post("/key/generate", R"({"key_type":"llm_api"})");
    EXPECT_EQ(text(typed["allowed_routes"]), R"(["llm_api_routes"])");
}

TEST_P(ScopeTest, a_document_that_cannot_be_read_is_not_one_that_allows_everything) {
    const std::string key = key_of("ann", "proxy_admin");
    store::Database rows = database();
    for (const char* doc : {R"({"allowed_routes":)", "[]", ""}) {
        ASSERT_TRUE(rows.execute("UPDATE key SET doc = '" + std::string(doc) + "'"));
        EXPECT_EQ(get("/key/list", key).status, 500) << doc;
        EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","key_alias":"new"})").status, 500)
            << doc;
    }
    ASSERT_TRUE(rows.execute(R"(UPDATE key SET doc = '{"allowed_routes": "/key/info"}')"));
    EXPECT_EQ(get("/key/list", key).status, 403);
    EXPECT_EQ(get("/key/info", key).status, 200);
}

TEST_P(ScopeTest, a_blocked_team_shuts_out_its_keys) {
    ASSERT_EQ(post("/team/block", R"({"team_id":"red"})").status, 200);
    EXPECT_THAT(get("/key/info", service).message(), HasSubstr("Team=red is blocked"));
    ASSERT_EQ(post("/team/unblock", R"({"team_id":"red"})").status, 200);
    EXPECT_EQ(get("/key/info", service).status, 200);
}

TEST_P(ScopeTest, a_user_that_was_deleted_takes_its_keys_along) {
    ASSERT_EQ(post("/user/delete", R"({"user_ids":["bob"]})").text, "1");
    EXPECT_EQ(get("/key/info", bob).status, 401);
    EXPECT_EQ(get("/user/info?user_id=bob").status, 404);
}

TEST_P(ScopeTest, without_a_master_key_everybody_is_administrator) {
    dispatch->use({});
    EXPECT_EQ(get("/user/list", "").status, 200);
}

}  // namespace
}  // namespace patchbay::control
