// What odd requests are answered, and that they leave nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;

class OddRequestsTest : public ControlTest {
  protected:
    std::string organization_of(const std::string& key) {
        return text(get("/key/info?key=" + key)["info"].at("organization_id"));
    }
};
INSTANTIATE_TEST_SUITE_P(On, OddRequestsTest, store::test::kBoth, store::test::kind_name);

TEST_P(OddRequestsTest, a_nul_is_in_no_name) {
    EXPECT_EQ(post("/user/new", R"({"user_id":"ada"})").status, 200);
    for (const auto& [path, body] : {
             std::pair("/key/generate", R"({"key_alias":"a\u0000b"})"),
             std::pair("/key/generate", R"({"user_id":"ada\u0000b"})"),
             std::pair("/key/generate", R"({"team_id":"\u0000"})"),
             std::pair("/user/new", R"({"user_id":"ada\u0000"})"),
             std::pair("/user/delete", R"({"user_ids":["ada\u0000"]})"),
             std::pair("/team/new", R"({"team_alias":"\u0000"})"),
             std::pair("/team/new",
                       R"({"members_with_roles":[{"role":"user","user_id":"ada\u0000"}]})"),
             std::pair("/customer/new", R"({"user_id":"\u0000"})"),
             std::pair("/tag/new", R"({"name":"\u0000"})"),
         }) {
        EXPECT_EQ(post(path, body).status, 422) << path << body;
    }
    EXPECT_EQ(get("/key/list?user_id=ada%00").status, 422);
    EXPECT_EQ(get("/user/list")["total"].as_int64(), 1);
    EXPECT_EQ(get("/key/list")["total_count"].as_int64(), 1);
    // Elsewhere it is what it is.
    const Reply made = post("/key/generate", R"({"metadata":{"note":"a\u0000b"}})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(get("/key/info?key=" + text(made["key"]))["info"].at("metadata")),
              R"({"note":"a\u0000b"})");
}

TEST_P(OddRequestsTest, a_name_has_an_end) {
    std::string name;
    for (int i = 0; name.size() <= 1'000; ++i) name += std::to_string(i * 7919);
    const std::string fits = name.substr(0, 1'000);
    for (const char* path_and_member :
         {"/key/generate key_alias", "/key/generate user_id", "/user/new user_id",
          "/user/new user_email", "/team/new team_id", "/team/new team_alias",
          "/budget/new budget_id", "/customer/new user_id", "/tag/new name"}) {
        const std::string of = path_and_member;
        const std::string path = of.substr(0, of.find(' '));
        const std::string member = of.substr(of.find(' ') + 1);
        const Reply refused = post(path, "{\"" + member + "\":\"" + name + "x\"}");
        EXPECT_EQ(refused.status, 400) << of << refused.text.substr(0, 200);
        EXPECT_THAT(refused.text, HasSubstr("is too long")) << of;
        EXPECT_EQ(post(path, "{\"" + member + "\":\"" + fits + path.back() + "\"}").status, 400);
    }
    EXPECT_EQ(post("/team/new", R"({"team_id":")" + fits + "\"}").status, 200);
}

TEST_P(OddRequestsTest, what_has_no_name_is_nobody) {
    const Reply made = post("/key/generate", R"({"user_id":"","key_alias":""})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["user_id"]), "null");
    EXPECT_EQ(text(made["key_alias"]), "null");
    EXPECT_EQ(post("/key/generate", R"({"key_alias":""})").status, 200) << "nor has this one";
    const std::string key = text(made["key"]);
    EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","user_id":""})").status, 400);
    post("/team/new", R"({"team_id":"t"})");
    EXPECT_EQ(
        post("/team/member_add", R"({"team_id":"t","member":{"role":"user","user_id":""}})").status,
        400);
    EXPECT_EQ(post("/customer/block", R"({"user_ids":[""]})").status, 422);
    for (const std::string user : {"a", "b"}) {
        const Reply without =
            post("/user/new", "{\"user_email\":\"\",\"user_id\":\"" + user + "\"}");
        EXPECT_EQ(text(without["user_email"]), "null");
    }
    EXPECT_EQ(get("/user/list")["total"].as_int64(), 2);
}

TEST_P(OddRequestsTest, values_are_what_they_spell_or_are_refused) {
    for (const char* yes : {R"("true")", "1", R"("on")"}) {
        const Reply made = post("/key/generate", std::string(R"({"blocked":)") + yes + "}");
        EXPECT_EQ(text(made["blocked"]), "true") << yes << made.text;
    }
    EXPECT_EQ(text(post("/key/generate", R"({"blocked":"false"})")["blocked"]), "false");
    EXPECT_EQ(post("/key/generate", R"({"blocked":2})").status, 422);
    for (const char* list :
         {R"("models":[1])", R"("tags":[null])", R"("allowed_routes":[["/x"]])"}) {
        EXPECT_EQ(post("/key/generate", std::string("{") + list + "}").status, 422) << list;
    }
    post("/user/new", R"({"user_id":"ada","user_role":"internal_user"})");
    EXPECT_EQ(
        text(post("/user/update", R"({"user_id":"ada","user_role":null})")["data"].at("user_role")),
        "internal_user");
    EXPECT_EQ(post("/user/update", R"({"user_id":"ada","spend":5})").status, 400);
    EXPECT_EQ(post("/customer/new", R"({"user_id":"c","spend":5})").status, 400);
    EXPECT_EQ(post("/customer/new", R"({"user_id":"c","spend":0})").status, 200);
}

TEST_P(OddRequestsTest, what_is_named_twice_is_deleted_once) {
    for (const char* made :
         {R"(/user/new {"user_id":"a"})", R"(/team/new {"team_id":"a"})",
          R"(/customer/new {"user_id":"a"})",
          R"(/organization/new {"organization_id":"a","organization_alias":"a"})"}) {
        const std::string text = made;
        EXPECT_EQ(post(text.substr(0, text.find(' ')), text.substr(text.find(' ') + 1)).status,
                  200);
    }
    EXPECT_EQ(post("/user/delete", R"({"user_ids":["a","a"]})").text, "1");
    EXPECT_EQ(post("/team/delete", R"({"team_ids":["a","a"]})")["deleted_teams"].as_array().size(),
              1u);
    EXPECT_EQ(text(post("/customer/delete", R"({"user_ids":["a","a"]})")["deleted_customers"]),
              "1");
    EXPECT_EQ(ask("DELETE", "/organization/delete", R"({"organization_ids":["a","a"]})").status,
              200);
}

TEST_P(OddRequestsTest, a_key_that_moves_has_the_organization_that_it_comes_to) {
    for (const std::string name : {"one", "two"}) {
        post("/organization/new",
             R"({"organization_id":")" + name + R"(","organization_alias":"x"})");
        post("/team/new", R"({"team_id":"of )" + name + R"(","organization_id":")" + name + "\"}");
    }
    post("/team/new", R"({"team_id":"of none"})");
    const std::string key = text(post("/key/generate", R"({"team_id":"of one"})")["key"]);
    EXPECT_EQ(organization_of(key), "one");
    const auto update = [&](const std::string& change) {
        return post("/key/update", R"({"key":")" + key + "\"," + change + "}").status;
    };
    EXPECT_EQ(update(R"("team_id":"of two")"), 200);
    EXPECT_EQ(organization_of(key), "two");
    EXPECT_EQ(update(R"("team_id":"of none")"), 200);
    EXPECT_EQ(organization_of(key), "null");
    EXPECT_EQ(update(R"("organization_id":"one")"), 200);
    EXPECT_EQ(organization_of(key), "one");
    EXPECT_EQ(update(R"("organization_id":"no such")"), 404);
    EXPECT_EQ(update(R"("project_id":"p")"), 400);
    EXPECT_THAT(post("/key/generate", R"({"project_id":"p"})").text,
                HasSubstr("There are no projects"));
    EXPECT_EQ(post("/key/generate", R"({"project_id":null})").status, 200);
}

TEST_P(OddRequestsTest, a_user_comes_and_goes_with_its_organizations) {
    post("/organization/new", R"({"organization_id":"acme","organization_alias":"Acme"})");
    EXPECT_EQ(post("/user/new", R"({"user_id":"lost","organizations":["no such"]})").status, 404);
    EXPECT_EQ(get("/user/info?user_id=lost").status, 404);
    const Reply made =
        post("/user/new",
             R"({"user_id":"ada","user_role":"internal_user","auto_create_key":"false",
        "organizations":["acme"]})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["key"]), "null");
    const auto members = [&] {
        return text(get("/organization/info?organization_id=acme")["members"]);
    };
    EXPECT_THAT(members(), HasSubstr(R"("user_id":"ada")"));
    EXPECT_THAT(members(), HasSubstr(R"("user_role":"internal_user")"));
    EXPECT_EQ(post("/user/delete", R"({"user_ids":["ada"]})").status, 200);
    EXPECT_EQ(members(), "[]");
    EXPECT_EQ(post("/user/new", R"({"auto_create_key":"perhaps"})").status, 422);
}

TEST_P(OddRequestsTest, no_user_takes_the_address_of_another) {
    post("/user/new", R"({"user_id":"ada","user_email":"ada@x.org"})");
    post("/user/new", R"({"user_id":"eve","user_email":"eve@x.org"})");
    EXPECT_EQ(post("/user/update", R"({"user_id":"eve","user_email":"ADA@x.org"})").status, 409);
    EXPECT_EQ(post("/user/update", R"({"user_id":"eve","user_email":"EVE@x.org"})").status, 200);
    EXPECT_EQ(post("/user/update", R"({"user_email":"ada@x.org","user_alias":"A"})").status, 200);
}

TEST_P(OddRequestsTest, the_budget_of_all_customers_stays) {
    post("/budget/new", R"({"budget_id":"all","max_budget":1})");
    dispatch->use({.master_key = Secret(std::string(kMaster)), .end_user_budget = "all"});
    const Reply kept = post("/budget/delete", R"({"id":"all"})");
    EXPECT_EQ(kept.status, 400);
    EXPECT_THAT(kept.text, HasSubstr("max_end_user_budget_id"));
    dispatch->use({.master_key = Secret(std::string(kMaster))});
    EXPECT_EQ(post("/budget/delete", R"({"id":"all"})").status, 200);
}

TEST_P(OddRequestsTest, a_new_secret_may_last_for_ever_and_begin_at_once) {
    const std::string key = text(post("/key/generate", R"({"duration":"1d"})")["key"]);
    const Reply made =
        post("/key/regenerate", R"({"key":")" + key + R"(","duration":"-1","grace_period":""})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["expires"]), "null");
    EXPECT_EQ(get("/key/info", key).status, 401);
    EXPECT_EQ(post("/customer/unblock", R"({"user_ids":["nobody"]})").status, 200);
    EXPECT_EQ(get("/customer/info?end_user_id=nobody").status, 404);
}

}  // namespace
}  // namespace patchbay::control
