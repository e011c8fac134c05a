#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class KeysTest : public ControlTest {};
INSTANTIATE_TEST_SUITE_P(On, KeysTest, store::test::kBoth, store::test::kind_name);

TEST_P(KeysTest, a_key_is_shown_once_and_found_by_itself_or_its_hash) {
    const Reply made = post("/key/generate", R"({
        "models": ["gpt-4o", "claude-sonnet"], "max_budget": 0.1, "budget_duration": "30d", "rpm_limit": 5,
        "duration": "20m", "metadata": {"user": "ishaan@berri.ai"}, "key_alias": "my-key", "user_id": "ishaan",
        "model_rpm_limit": {"gpt-4o": 2}, "tags": ["a"]})");
    ASSERT_EQ(made.status, 200) << made.text;
    const std::string key = text(made["key"]);
    EXPECT_THAT(key, MatchesRegex("sk-[A-Za-z0-9_-]{22}"));
    EXPECT_EQ(text(made["key_name"]), "sk-..." + key.substr(key.size() - 4));
    EXPECT_EQ(text(made["max_budget"]), "0.1");
    EXPECT_EQ(text(made["user_id"]), "ishaan");
    EXPECT_EQ(text(made["token"]), text(made["token_id"]));
    EXPECT_EQ(text(made["model_rpm_limit"]), R"({"gpt-4o":2})");
    EXPECT_EQ(text(made["spend"]), "0");
    EXPECT_THAT(text(made["expires"]), MatchesRegex("20..-..-..T..:..:..\\.......Z"));

    for (const std::string& name : {key, text(made["token"])}) {
        const Reply info = get("/key/info?key=" + name);
        ASSERT_EQ(info.status, 200) << info.text;
        EXPECT_THAT(info.text, Not(HasSubstr(key)));
        const auto& shown = info["info"].get_object();
        EXPECT_EQ(text(shown.at("models")), R"(["gpt-4o","claude-sonnet"])");
        EXPECT_EQ(text(shown.at("rpm_limit")), "5");
        EXPECT_EQ(text(shown.at("budget_duration")), "30d");
        EXPECT_THAT(text(shown.at("budget_reset_at")), HasSubstr("-01T00:00:00"));
        EXPECT_EQ(text(shown.at("metadata")),
                  R"({"user":"ishaan@berri.ai","model_rpm_limit":{"gpt-4o":2},"tags":["a"]})");
    }
    // The file of the store and its log have nothing of it either.
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::stringstream bytes;
        bytes << file.rdbuf();
        EXPECT_THAT(bytes.str(), Not(HasSubstr(key))) << entry.path();
    }
}

TEST_P(KeysTest, nobody_chooses_the_text_of_a_key_where_that_is_disabled) {
    constexpr const char* kChosen = "sk-chosen-by-a-client";
    const std::string before = text(post("/key/generate", "{}")["key"]);
    post("/team/new", R"({"team_id":"red"})");
    dispatch->use({.master_key = Secret(std::string(kMaster)), .disable_custom_api_keys = true});
    const std::string chosen = std::string("{\"key\":\"") + kChosen + "\"";
    const std::pair<std::string, std::string> kAsked[] = {
        {"/key/generate", chosen + "}"},
        {"/key/generate", R"({"key":""})"},
        {"/key/service-account/generate", chosen + R"(,"team_id":"red"})"},
        {"/key/regenerate", R"({"key":")" + before + R"(","new_key":")" + kChosen + "\"}"},
        {"/key/" + before + "/regenerate", std::string("{\"new_key\":\"") + kChosen + "\"}"},
        {"/user/new", chosen + R"(,"user_id":"ann"})"},
    };
    for (const auto& [path, body] : kAsked) {
        const Reply refused = post(path, body);
        EXPECT_EQ(refused.status, 403) << path << refused.text;
        EXPECT_EQ(refused.message(),
                  "Custom API key values are disabled by your administrator. Keys must be "
                  "auto-generated.");
    }
    EXPECT_EQ(get("/user/info?user_id=ann").status, 404) << "nothing was made";
    EXPECT_EQ(post("/key/generate", R"({"key":null})").status, 200);
    const Reply rotated = post("/key/regenerate", R"({"key":")" + before + "\"}");
    ASSERT_EQ(rotated.status, 200) << rotated.text;
    EXPECT_NE(text(rotated["key"]), before);
    EXPECT_EQ(
        post("/key/update", R"({"key":")" + text(rotated["key"]) + R"(","tags":["a"]})").status,
        200);
}

TEST_P(KeysTest, a_null_does_not_open_what_a_list_limits) {
    const Reply made =
        post("/key/generate", R"({"models":["m"],"allowed_routes":["/key/info"],"max_budget":1})");
    const std::string key = text(made["key"]);
    for (const std::string name : {"models", "allowed_routes"}) {
        const Reply null =
            post("/key/update", R"({"key":")" + key + R"(",")" + name + R"(":null})");
        EXPECT_EQ(null.status, 400) << name;
        EXPECT_THAT(null.text, HasSubstr(name + " cannot be null"));
    }
    EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","max_budget":null})").status, 200);
    const auto info = get("/key/info?key=" + key);
    EXPECT_EQ(text(info["info"].at("models")), R"(["m"])");
    EXPECT_EQ(text(info["info"].at("max_budget")), "null");
    EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","models":[]})").status, 200);
    EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","models":null})").status, 200);
    post("/team/new", R"({"team_id":"t","models":["m"]})");
    EXPECT_EQ(post("/team/update", R"({"team_id":"t","models":null})").status, 400);
}

TEST_P(KeysTest, a_key_that_is_named_twice_is_deleted_once) {
    const std::string key = text(post("/key/generate", R"({"key_alias":"twice"})")["key"]);
    const Reply gone = post(
        "/key/delete", R"({"keys":[")" + key + R"(",")" + key + R"("],"key_aliases":["twice"]})");
    ASSERT_EQ(gone.status, 200) << gone.text;
    EXPECT_EQ(gone["deleted_keys"].get_array().size(), 1u);
}

TEST_P(KeysTest, numbers_may_be_given_as_texts) {
    const Reply made = post("/key/generate", R"({"max_budget":"0.5","rpm_limit":"7",)"
                                             R"("model_max_budget":{"m":{"budget_limit":"0.01",)"
                                             R"("time_period":"1d"}}})");
    ASSERT_EQ(made.status, 200) << made.text;
    EXPECT_EQ(text(made["max_budget"]), "0.5");
    EXPECT_EQ(text(made["rpm_limit"]), "7");
}

TEST_P(KeysTest, amounts_are_exact_to_the_nano_dollar) {
    for (const char* amount : {"0.1", "0.123456789", "12345678.123456789", "0", "9000000000"}) {
        const Reply made = post("/key/generate", R"({"max_budget":)" + std::string(amount) + "}");
        EXPECT_EQ(text(made["max_budget"]), amount);
    }
}

TEST_P(KeysTest, an_update_leaves_what_it_does_not_name_and_null_takes_away) {
    const Reply made =
        post("/key/generate", R"({"max_budget": 5, "rpm_limit": 3, "models": ["a"]})");
    const std::string key = text(made["key"]);
    Reply changed =
        post("/key/update", R"({"key":")" + key + R"(","tpm_limit":7,"rpm_limit":null})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(text(changed["max_budget"]), "5");
    EXPECT_EQ(text(changed["rpm_limit"]), "null");
    EXPECT_EQ(text(changed["tpm_limit"]), "7");
    EXPECT_EQ(text(changed["models"]), R"(["a"])");
    changed = post("/key/update", R"({"key":")" + key + R"(","duration":"1h"})");
    EXPECT_NE(text(changed["expires"]), "null");
    changed = post("/key/update", R"({"key":")" + key + R"(","duration":"-1"})");
    EXPECT_EQ(text(changed["expires"]), "null");
}

TEST_P(KeysTest, what_cannot_be_is_refused_with_its_place) {
    ASSERT_EQ(post("/key/generate", R"({"key":"sk-0123456789abcdef","key_alias":"taken"})").status,
              200);
    ASSERT_EQ(post("/budget/new", R"({"budget_id":"shared","max_budget":1})").status, 200);
    struct Row {
        std::string path, body;
        int status;
        std::string text;
    };
    for (const Row& row : {
             Row{"/key/generate", R"({"max_budget":"five"})", 422,
                 R"("loc":["body","max_budget"])"},
             Row{"/key/generate", R"({"models":"gpt-4o"})", 422, R"("loc":["body","models"])"},
             Row{"/key/generate", R"({"rpm_limit":1.5})", 422, R"("loc":["body","rpm_limit"])"},
             Row{"/key/generate", R"({"rpm_limit":"1.5"})", 422, R"("loc":["body","rpm_limit"])"},
             Row{"/key/generate", R"({"model_rpm_limit":{"m":"x"}})", 400,
                 "model_rpm_limit.m: expected a whole number"},
             Row{"/key/generate", R"({"router_settings":{"num_retries":"3"}})", 400,
                 "router_settings.num_retries: Invalid value for 'num_retries'"},
             Row{"/key/generate", R"({"router_settings":[]})", 422,
                 R"("loc":["body","router_settings"])"},
             Row{"/key/generate", R"({"metadata":{"model_tpm_limit":{"m":-1}}})", 400,
                 "metadata.model_tpm_limit.m: expected a whole number"},
             Row{"/key/generate", R"({"model_max_budget":[]})", 400,
                 "model_max_budget: expected an object of models"},
             Row{"/key/generate", R"({"max_budget":-1})", 400, "cannot be negative. Received: -1"},
             Row{"/key/generate", R"({"max_budget":1e30})", 422, R"("loc":["body","max_budget"])"},
             Row{"/key/generate", R"({"budget_duration":"often"})", 400, "budget_duration must be"},
             Row{"/key/generate", R"({"duration":"often"})", 400, "duration must be"},
             Row{"/key/generate", R"({"key":"my-own"})", 400, "must start with 'sk-'"},
             Row{"/key/generate", R"({"key":"sk-short"})", 400, "too short"},
             Row{"/key/generate", R"({"key":"sk-0123456789abcdef"})", 400, "exists already"},
             Row{"/key/generate", R"({"key_alias":"taken"})", 400, "'taken' already exists"},
             Row{"/key/generate", R"({"team_id":"none"})", 404, "Team not found"},
             Row{"/key/generate", R"({"budget_id":"none"})", 400, "no budget with budget_id=none"},
             Row{"/key/generate", R"({"budget_id":"shared","max_budget":2})", 400,
                 "set max_budget there"},
             Row{"/key/generate", R"({"spend":3})", 400, "spend is what the books say"},
             Row{"/key/generate", R"({"max_budget":1,"max_budget":2})", 400, "twice: max_budget"},
             Row{"/key/generate", R"([1])", 422, R"("loc":["body"])"},
             Row{"/key/generate", R"({"a":)", 422, "json_invalid"},
             Row{"/key/update", R"({"models":[]})", 422, R"("loc":["body","key"])"},
             Row{"/key/update", R"({"key":"sk-nobody-knows-this"})", 404, "Key not found"},
             Row{"/key/service-account/generate", "{}", 400, "team_id is required"},
         }) {
        const Reply reply = post(row.path, row.body);
        EXPECT_EQ(reply.status, row.status) << row.body << reply.text;
        EXPECT_THAT(reply.text, HasSubstr(row.text)) << row.body;
    }
}

TEST_P(KeysTest, a_deleted_or_blocked_or_expired_key_opens_nothing) {
    const std::string key = key_of("ada", "internal_user");
    const std::string named = R"({"key":")" + key + "\"}";
    EXPECT_EQ(get("/key/info", key).status, 200);
    ASSERT_EQ(post("/key/block", named).status, 200);
    EXPECT_EQ(get("/key/info", key).status, 401);
    EXPECT_THAT(get("/key/info", key).message(), HasSubstr("Key is blocked"));
    ASSERT_EQ(post("/key/unblock", named).status, 200);
    EXPECT_EQ(get("/key/info", key).status, 200);
    const Reply gone = post("/key/delete", R"({"keys":[")" + key + "\"]}");
    ASSERT_EQ(gone.status, 200) << gone.text;
    EXPECT_THAT(gone.text, Not(HasSubstr(key)));
    EXPECT_EQ(get("/key/info", key).status, 401);
    EXPECT_EQ(get("/key/list?status=deleted")["total_count"], 1);
}

TEST_P(KeysTest, a_regenerated_key_is_the_same_account_with_another_secret) {
    const Reply made = post("/key/generate", R"({"key_alias":"one","max_budget":2})");
    const std::string old_key = text(made["key"]);
    const Reply renewed = post("/key/" + old_key + "/regenerate", R"({"rpm_limit":9})");
    ASSERT_EQ(renewed.status, 200) << renewed.text;
    const std::string key = text(renewed["key"]);
    EXPECT_NE(key, old_key);
    EXPECT_EQ(text(renewed["max_budget"]), "2");
    EXPECT_EQ(text(renewed["rpm_limit"]), "9");
    EXPECT_EQ(get("/key/info", old_key).status, 401);
    EXPECT_EQ(get("/key/info", key).status, 200);
    const Reply again = post("/key/regenerate", R"({"key":")" + key + R"(","grace_period":"1h"})");
    ASSERT_EQ(again.status, 200) << again.text;
    EXPECT_EQ(get("/key/info", key).status, 200);
}

TEST_P(KeysTest, many_keys_are_changed_each_on_its_own) {
    const std::string a = text(post("/key/generate", "{}")["key"]);
    const std::string b = text(post("/key/generate", "{}")["key"]);
    const Reply done =
        post("/key/bulk_update",
             R"({"keys":[{"key":")" + a + R"(","max_budget":1},{"key":")" + b +
                 R"(","max_budget":-1},{"key":"sk-canary-nobody","tags":["x"]},{"key":")" + b +
                 R"(","tags":["x"]}]})");
    ASSERT_EQ(done.status, 200) << done.text;
    EXPECT_EQ(done["total_requested"], 4);
    EXPECT_EQ(done["successful_updates"].get_array().size(), 2u);
    const auto& failed = done["failed_updates"].get_array();
    ASSERT_EQ(failed.size(), 2u);
    EXPECT_EQ(failed[0].at("place"), 1);
    EXPECT_THAT(text(failed[0].at("failed_reason")), HasSubstr("cannot be negative"));
    EXPECT_THAT(text(failed[1].at("failed_reason")), HasSubstr("Key not found"));
    for (const std::string& key : {a, b, std::string("canary")})
        EXPECT_THAT(done.text, Not(HasSubstr(key)));
    EXPECT_EQ(text(get("/key/info?key=" + a)["info"].at("max_budget")), "1");
    EXPECT_EQ(post("/key/bulk_update", R"({"keys":[]})").status, 400);
    EXPECT_EQ(post("/key/bulk_update", R"({"keys":[{"key":5}]})").status, 422);
}

TEST_P(KeysTest, a_budget_is_raised_for_a_time) {
    const std::string key = text(post("/key/generate", R"({"max_budget":1})")["key"]);
    const Reply raised =
        post("/key/update",
             R"({"key":")" + key +
                 R"(","temp_budget_increase":2.5,"temp_budget_expiry":"2030-01-02T03:04:05Z"})");
    ASSERT_EQ(raised.status, 200) << raised.text;
    EXPECT_EQ(text(raised["max_budget"]), "1");
    EXPECT_EQ(text(raised["temp_budget_increase"]), "2.5");
    EXPECT_EQ(text(raised["temp_budget_expiry"]), "2030-01-02T03:04:05.000000Z");
    EXPECT_EQ(post("/key/update", R"({"key":")" + key + R"(","temp_budget_expiry":"soon"})").status,
              422);
}

TEST_P(KeysTest, a_list_has_pages_filters_and_whole_objects) {
    for (int i = 0; i < 12; ++i) {
        ASSERT_EQ(post("/key/generate", R"({"key_alias":"key-)" + std::to_string(i) +
                                            R"(","user_id":")" + (i % 2 ? "ada" : "bob") + "\"}")
                      .status,
                  200);
    }
    Reply page = get("/key/list?size=5&page=3");
    EXPECT_EQ(page["total_count"], 12);
    EXPECT_EQ(page["total_pages"], 3);
    EXPECT_EQ(page["keys"].get_array().size(), 2u);
    page = get(
        "/key/list?user_id=ada&return_full_object=true&sort_by=key_alias&sort_order=asc&size=2");
    EXPECT_EQ(page["total_count"], 6);
    EXPECT_EQ(text(page["keys"].get_array().at(0).at("key_alias")), "key-1");
    EXPECT_EQ(get("/key/list?user_id=nobody")["total_count"], 0);
    EXPECT_EQ(get("/key/list?key_alias=key-1")["total_count"], 1);
    EXPECT_EQ(get("/key/list?key_alias=key-1&substring_matching=true")["total_count"], 3);
    EXPECT_EQ(get("/key/aliases?search=KEY-1&size=2")["total_pages"], 2);
    EXPECT_EQ(get("/key/list?size=0").status, 422);
    EXPECT_EQ(get("/key/list?size=x").status, 422);
    EXPECT_EQ(get("/key/list?sort_by=hash;").status, 400);
}

}  // namespace
}  // namespace patchbay::control
