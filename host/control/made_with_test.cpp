#include "control/made_with.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr std::int64_t kDollar = 1'000'000'000;

class MadeWithTest : public ControlTest {
  protected:
    void use(KeySettings keys) {
        dispatch->use({.master_key = Secret(std::string(kMaster)), .keys = std::move(keys)});
    }
    // A key of a new user, and the user a member of the team.
    std::string member_of(const std::string& team, const std::string& user,
                          const std::string& role) {
        const std::string key = key_of(user, "internal_user");
        EXPECT_EQ(post("/team/member_add", R"({"team_id":")" + team + R"(","member":{"user_id":")" +
                                               user + R"(","role":")" + role + "\"}}")
                      .status,
                  200);
        return key;
    }
};
INSTANTIATE_TEST_SUITE_P(On, MadeWithTest, store::test::kBoth, store::test::kind_name);

TEST_P(MadeWithTest, a_key_has_what_the_configuration_gives_where_the_request_says_nothing) {
    KeySettings keys;
    keys.default_key = {{"max_budget", 5},        {"budget_duration", "30d"},
                        {"models", {"small"}},    {"metadata", {{"made", "by default"}}},
                        {"duration", "7d"},       {"rpm_limit", 10},
                        {"user_id", "everybody"}, {"allowed_routes", {"llm_api_routes"}}};
    use(keys);
    const Reply made = post("/key/generate", R"({"models":[],"metadata":{},"max_budget":null})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["max_budget"]), "5");
    EXPECT_EQ(text(made["budget_duration"]), "30d");
    EXPECT_EQ(text(made["models"]), R"(["small"])");
    EXPECT_EQ(text(made["metadata"]), R"({"made":"by default"})");
    EXPECT_EQ(text(made["rpm_limit"]), "10");
    EXPECT_EQ(text(made["user_id"]), "everybody");
    EXPECT_EQ(text(made["allowed_routes"]), R"(["llm_api_routes"])");
    EXPECT_EQ(text(made["duration"]), "7d");
    EXPECT_NE(text(made["expires"]), "null");

    const Reply said = post("/key/generate", R"({"models":["large"],"max_budget":1,"user_id":"a",
        "budget_duration":null,"metadata":{"a":1},"key_type":"management"})");
    ASSERT_EQ(said.status, 200) << said.text;
    EXPECT_EQ(text(said["max_budget"]), "1");
    EXPECT_EQ(text(said["budget_duration"]), "null") << "a budget without an end was asked for";
    EXPECT_EQ(text(said["models"]), R"(["large"])");
    EXPECT_EQ(text(said["metadata"]), R"({"a":1})");
    EXPECT_EQ(text(said["user_id"]), "a");
    EXPECT_EQ(text(said["allowed_routes"]), R"(["management_routes"])");

    // Who makes a key for itself may, although the configuration gives what it must not.
    const Reply own = post("/key/generate", "{}", key_of("ada", "internal_user"));
    ASSERT_EQ(own.status, 200) << own.text;
    EXPECT_EQ(text(own["user_id"]), "ada");
    EXPECT_EQ(text(own["allowed_routes"]), R"(["llm_api_routes"])");
}

TEST_P(MadeWithTest, no_key_is_made_beyond_the_bounds) {
    KeySettings keys;
    keys.bounds = {.max_budget_nano = 100 * kDollar,
                   .tpm_limit = 1000,
                   .rpm_limit = 10,
                   .max_parallel_requests = 3,
                   .budget_duration = "10d",
                   .duration = "30d"};
    use(keys);
    const Reply made = post("/key/generate", "{}");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["max_budget"]), "100");
    EXPECT_EQ(text(made["budget_duration"]), "10d");
    EXPECT_EQ(text(made["tpm_limit"]), "1000");
    EXPECT_EQ(text(made["rpm_limit"]), "10");
    EXPECT_EQ(text(made["max_parallel_requests"]), "3");
    EXPECT_EQ(text(made["duration"]), "30d");

    for (const auto& [body, name] : {
             std::pair(R"("max_budget":100.000000001)", "max_budget"),
             std::pair(R"("max_budget":"1e3")", "max_budget"),
             std::pair(R"("budget_duration":"11d")", "budget_duration"),
             std::pair(R"("budget_duration":"1mo")", "budget_duration"),
             std::pair(R"("budget_duration":null)", "budget_duration"),
             std::pair(R"("tpm_limit":1001)", "tpm_limit"),
             std::pair(R"("rpm_limit":11)", "rpm_limit"),
             std::pair(R"("max_parallel_requests":4)", "max_parallel_requests"),
             std::pair(R"("duration":"31d")", "duration"),
             std::pair(R"("duration":"-1")", "duration"),
         }) {
        const Reply over = post("/key/generate", std::string("{") + body + "}");
        EXPECT_EQ(over.status, 400) << body;
        EXPECT_THAT(over.text, HasSubstr(std::string(name) + " is over max limit set in config"))
            << body;
    }
    const Reply within =
        post("/key/generate", R"({"max_budget":100,"budget_duration":"1w","duration":"720h"})");
    EXPECT_EQ(within.status, 200) << within.text;
    // The key that comes with a user is one, too.
    EXPECT_EQ(post("/user/new", R"({"user_id":"u","duration":"31d"})").status, 400);
    const Reply user = post("/user/new", R"({"user_id":"u"})");
    ASSERT_EQ(user.status, 200) << user.text;
    EXPECT_EQ(text(get("/key/info?key=" + text(user["key"]))["info"].at("rpm_limit")), "10");
}

TEST_P(MadeWithTest, no_change_leads_beyond_the_bounds) {
    const std::string old = text(post("/key/generate", R"({"max_budget":500})")["key"]);
    KeySettings keys;
    keys.bounds = {.max_budget_nano = 100 * kDollar, .budget_duration = "10d", .duration = "30d"};
    use(keys);
    const std::string key = text(post("/key/generate", R"({"max_budget":90})")["key"]);
    const auto update = [&](const std::string& of, const std::string& change) {
        return post("/key/update", R"({"key":")" + of + "\"," + change + "}");
    };
    for (const char* change :
         {R"("max_budget":101)", R"("max_budget":null)", R"("temp_budget_increase":11)",
          R"("budget_duration":null)", R"("budget_duration":"11d")", R"("duration":"-1")"}) {
        const Reply over = update(key, change);
        EXPECT_EQ(over.status, 400) << change;
        EXPECT_THAT(over.text, HasSubstr("is over max limit set in config")) << change;
    }
    EXPECT_EQ(update(key, R"("temp_budget_increase":10)").status, 200);
    EXPECT_EQ(update(key, R"("max_budget":1,"duration":"1d")").status, 200);
    EXPECT_EQ(post("/key/regenerate", R"({"key":")" + key + R"(","max_budget":101})").status, 400);
    const Reply many =
        post("/key/bulk_update", R"({"keys":[{"key":")" + key + R"(","max_budget":101}]})");
    EXPECT_EQ(many["failed_updates"].as_array().size(), 1U) << many.text;
    // One that is older keeps what it has, and other things of it can be changed.
    EXPECT_EQ(update(old, R"("key_alias":"old")").status, 200);
    EXPECT_EQ(text(get("/key/info?key=" + old)["info"].at("max_budget")), "500");
}

TEST_P(MadeWithTest, a_shared_budget_keeps_to_the_bounds_too) {
    KeySettings keys;
    keys.bounds = {.max_budget_nano = 100 * kDollar, .rpm_limit = 10};
    keys.default_key = {{"max_budget", 5}};
    use(keys);
    post("/budget/new", R"({"budget_id":"large","max_budget":101,"rpm_limit":1})");
    post("/budget/new", R"({"budget_id":"no rate","max_budget":1})");
    post("/budget/new", R"({"budget_id":"good","max_budget":100,"rpm_limit":10})");
    EXPECT_THAT(post("/key/generate", R"({"budget_id":"large"})").text,
                HasSubstr("user_value=101; max_value=100"));
    EXPECT_THAT(post("/key/generate", R"({"budget_id":"no rate"})").text,
                HasSubstr("user_value=None; max_value=10"));
    const Reply made = post("/key/generate", R"({"budget_id":"good"})");
    ASSERT_EQ(made.status, 200) << made.text;
    const Reply moved =
        post("/key/update", R"({"key":")" + text(made["key"]) + R"(","budget_id":"large"})");
    EXPECT_EQ(moved.status, 400) << moved.text;
}

TEST_P(MadeWithTest, keys_are_made_by_those_who_may_and_with_what_they_must_say) {
    post("/team/new", R"({"team_id":"t","team_member_permissions":["/key/generate"]})");
    const std::string lead = member_of("t", "lead", "admin");
    const std::string member = member_of("t", "member", "user");
    KeySettings keys;
    keys.team_keys = {.roles = std::vector<std::string>{"admin"}, .required_params = {"tags"}};
    keys.personal_keys = {.roles = std::vector<std::string>{"proxy_admin"},
                          .required_params = {"key_alias", "max_budget"}};
    use(keys);
    const Reply own = post("/key/generate", "{}", member);
    EXPECT_EQ(own.status, 400);
    EXPECT_THAT(own.text, HasSubstr("Personal key creation has been restricted by admin"));
    const Reply of_team = post("/key/generate", R"({"team_id":"t","tags":[]})", member);
    EXPECT_EQ(of_team.status, 400);
    EXPECT_THAT(of_team.text, HasSubstr("Team member role user not in"));
    EXPECT_THAT(post("/key/generate", R"({"team_id":"t"})", lead).text,
                HasSubstr("Required param tags not in data"));
    EXPECT_THAT(post("/key/service-account/generate", R"({"team_id":"t"})", lead).text,
                HasSubstr("Required param tags not in data"));
    EXPECT_EQ(post("/key/generate", R"({"team_id":"t","tags":["a"]})", lead).status, 200);
    // An administrator may make any key of a team, and must say what is asked of its own.
    EXPECT_EQ(post("/key/generate", R"({"team_id":"t"})").status, 200);
    EXPECT_THAT(post("/key/generate", R"({"key_alias":"a"})").text,
                HasSubstr("Required param max_budget not in data"));
    EXPECT_EQ(post("/key/generate", R"({"key_alias":"a","max_budget":1})").status, 200);

    keys.personal_keys = {.roles = std::vector<std::string>{"internal_user"}};
    use(keys);
    EXPECT_EQ(post("/key/generate", "{}", member).status, 200);
    EXPECT_EQ(post("/key/generate", "{}").status, 400) << "administrators are not on the list";
}

TEST_P(MadeWithTest, a_service_account_is_marked_and_stays_one) {
    post("/team/new", R"({"team_id":"t","team_member_permissions":["/key/update"]})");
    const std::string member = member_of("t", "member", "user");
    const Reply named =
        post("/key/service-account/generate", R"({"team_id":"t","key_alias":"robot"})");
    ASSERT_EQ(named.status, 200) << named.text;
    EXPECT_EQ(text(named["metadata"]), R"({"service_account_id":"robot"})");
    EXPECT_EQ(text(named["user_id"]), "null");
    const Reply own = post("/key/service-account/generate",
                           R"({"team_id":"t","metadata":{"service_account_id":"mine","a":1}})");
    EXPECT_EQ(text(own["metadata"]), R"({"service_account_id":"mine","a":1})");
    const Reply random = post("/key/service-account/generate", R"({"team_id":"t"})");
    EXPECT_EQ(text(random["metadata"].at("service_account_id")).size(), 36U);
    EXPECT_EQ(post("/key/service-account/generate", R"({"team_id":"t","metadata":[]})").status,
              422);
    const auto update = [&](const char* metadata) {
        return post("/key/update",
                    R"({"key":")" + text(own["key"]) + R"(","metadata":)" + metadata + "}", member)
            .status;
    };
    EXPECT_EQ(update(R"({"a":2})"), 403);
    EXPECT_EQ(update(R"({"a":2,"service_account_id":"mine"})"), 200);
}

TEST_P(MadeWithTest, a_user_has_what_the_configuration_gives) {
    post("/team/new", R"({"team_id":"all"})");
    post("/team/new", R"({"team_id":"led"})");
    KeySettings keys;
    keys.default_user = {
        {"user_role", "internal_user"},
        {"models", {"small"}},
        {"rpm_limit", 7},
        {"teams",
         {"all", {{"team_id", "led"}, {"user_role", "admin"}, {"max_budget_in_team", 2}}}}};
    keys.internal_user = {{"max_budget", 50}, {"budget_duration", "30d"}};
    use(keys);
    const Reply made = post("/user/new", R"({"user_id":"u"})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["user_role"]), "internal_user");
    EXPECT_EQ(text(made["models"]), R"(["small"])");
    EXPECT_EQ(text(made["max_budget"]), "50");
    EXPECT_EQ(text(made["budget_duration"]), "30d");
    EXPECT_EQ(text(made["teams"]), R"(["all","led"])");
    const Reply led = get("/team/info?team_id=led");
    EXPECT_EQ(text(led["team_memberships"].at(0).at("litellm_budget_table").at("max_budget")), "2");
    EXPECT_EQ(text(led["team_info"].at("members_with_roles").at(0).at("role")), "admin");

    const Reply viewer = post("/user/new", R"({"user_id":"v","user_role":"internal_user_viewer"})");
    EXPECT_EQ(text(viewer["max_budget"]), "null");
    EXPECT_EQ(text(viewer["rpm_limit"]), "7");
    const Reply admin = post("/user/new", R"({"user_id":"a","user_role":"proxy_admin"})");
    EXPECT_EQ(text(admin["rpm_limit"]), "null");
    EXPECT_EQ(text(admin["teams"]), "[]");
    // One that is only named has them, too.
    EXPECT_EQ(post("/key/generate", R"({"user_id":"named"})").status, 200);
    const Reply named = get("/user/info?user_id=named");
    EXPECT_EQ(text(named["user_info"].at("max_budget")), "50");
    EXPECT_EQ(text(named["user_info"].at("models")), R"(["small"])");
    // And one that becomes an internal user, unless it has a budget.
    const auto become = [&](const std::string& more) {
        return text(post("/user/update",
                         R"({"user_id":"v","user_role":"internal_user")" + more + "}")["data"]
                        .at("max_budget"));
    };
    EXPECT_EQ(become(R"(,"max_budget":3)"), "3");
    EXPECT_EQ(become(""), "3");
    EXPECT_EQ(become(R"(,"max_budget":null)"), "null");
    EXPECT_EQ(become(""), "50");
}

TEST_P(MadeWithTest, a_team_has_what_the_configuration_gives) {
    KeySettings keys;
    keys.default_team = {{"max_budget", 100},
                         {"budget_duration", "30d"},
                         {"models", {"small"}},
                         {"team_member_permissions", {"/key/generate"}}};
    use(keys);
    const Reply made = post("/team/new", R"({"team_id":"t","models":[]})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["max_budget"]), "100");
    EXPECT_EQ(text(made["budget_duration"]), "30d");
    EXPECT_EQ(text(made["models"]), R"(["small"])");
    EXPECT_EQ(text(made["team_member_permissions"]), R"(["/key/generate"])");
    const Reply said = post(
        "/team/new", R"({"team_id":"s","models":["a"],"max_budget":1,"budget_duration":null})");
    EXPECT_EQ(text(said["max_budget"]), "1");
    EXPECT_EQ(text(said["budget_duration"]), "null");
    EXPECT_EQ(text(said["models"]), R"(["a"])");
}

TEST_P(MadeWithTest, a_key_that_is_to_rotate_by_itself_is_refused) {
    const Reply made = post("/key/generate", R"({"auto_rotate":true,"rotation_interval":"30d"})");
    EXPECT_EQ(made.status, 400);
    EXPECT_THAT(made.text, HasSubstr("auto_rotate is not done"));
    const std::string key = text(post("/key/generate", R"({"auto_rotate":false})")["key"]);
    EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","auto_rotate":true})").status, 400);
    EXPECT_EQ(post("/key/regenerate", R"({"key":")" + key + R"(","auto_rotate":true})").status,
              400);
    EXPECT_EQ(get("/key/info?key=" + key)["info"].at("auto_rotate"), json::value(false));
}

}  // namespace
}  // namespace patchbay::control
