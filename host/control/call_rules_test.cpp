// What keys and teams lay down for each of their calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/test_support.hpp"

namespace patchbay::control {
namespace {

using testing::HasSubstr;

class CallRulesTest : public ControlTest {
  protected:
    void begin() override {
        key = text(post("/key/generate", "{}")["key"]);
        EXPECT_EQ(post("/team/new", R"({"team_id":"red"})").status, 200);
    }
    /// The path, and what its body begins with, of all that makes or changes a key or a team.
    std::vector<std::pair<std::string, std::string>> ways() const {
        return {{"/key/generate", R"({"models":[])"},
                {"/key/service-account/generate", R"({"team_id":"red")"},
                {"/key/update", R"({"key":")" + key + "\""},
                {"/key/regenerate", R"({"key":")" + key + "\""},
                {"/team/new", R"({"models":[])"},
                {"/team/update", R"({"team_id":"red")"}};
    }

    std::string key;
};
INSTANTIATE_TEST_SUITE_P(On, CallRulesTest, store::test::kBoth, store::test::kind_name);

TEST_P(CallRulesTest, guardrails_that_are_not_there_are_refused_by_name) {
    for (const auto& [path, body] : ways()) {
        for (const char* more :
             {R"(,"guardrails":["pii","lost"]})", R"(,"metadata":{"guardrails":["lost"]}})"}) {
            const Reply reply = post(path, body + more);
            EXPECT_EQ(reply.status, 400) << path << more << reply.text;
            EXPECT_EQ(reply.message(), "Guardrail 'lost' is not configured on this gateway.");
        }
    }
    for (const auto& [path, body] : ways()) {
        if (path == "/key/regenerate") continue;  // it ends the key
        EXPECT_EQ(post(path, body + R"(,"guardrails":["pii"]})").status, 200) << path;
        EXPECT_EQ(post(path, body + R"(,"guardrails":[]})").status, 200) << path;
        EXPECT_EQ(post(path, body + R"(,"guardrails":null})").status, 200) << path;
    }
}

TEST_P(CallRulesTest, a_key_in_a_bulk_is_refused_alone) {
    const Reply reply =
        post("/key/bulk_update", R"({"keys":[{"key":")" + key + R"(","guardrails":["lost"]}]})");
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(reply.text, HasSubstr("Guardrail 'lost' is not configured"));
}

TEST_P(CallRulesTest, what_was_given_before_stands_in_the_way_of_no_other_change) {
    const std::string named = R"({"key":")" + key + "\"";
    ASSERT_EQ(post("/key/update", named + R"(,"guardrails":["pii"]})").status, 200);
    dispatch->use({.master_key = Secret(std::string(kMaster))});
    EXPECT_EQ(post("/key/update", named + R"(,"max_budget":1})").status, 200);
    EXPECT_EQ(post("/key/update", named + R"(,"guardrails":["pii"]})").status, 400);
    EXPECT_EQ(post("/key/update", named + R"(,"guardrails":[]})").status, 200);
}

TEST_P(CallRulesTest, there_are_no_policies) {
    for (const auto& [path, body] : ways()) {
        for (const char* more :
             {R"(,"policies":["strict"]})", R"(,"metadata":{"policies":["strict"]}})"}) {
            const Reply reply = post(path, body + more);
            EXPECT_EQ(reply.status, 400) << path << more << reply.text;
            EXPECT_THAT(reply.message(), HasSubstr("no policies on this gateway"));
        }
    }
    EXPECT_EQ(post("/key/generate", R"({"policies":[]})").status, 200);
}

TEST_P(CallRulesTest, names_are_texts) {
    for (const auto& [path, body] : ways()) {
        for (const char* more :
             {R"(,"metadata":{"enforced_params":"user"}})",
              R"(,"metadata":{"enforced_params":[["user"]]}})",
              R"(,"metadata":{"guardrails":{"pii":{}}}})", R"(,"guardrails":[{"pii":{}}]})"}) {
            EXPECT_EQ(post(path, body + more).status, 422) << path << more;
        }
    }
    EXPECT_EQ(post("/key/generate", R"({"enforced_params":[1]})").status, 422);
    EXPECT_EQ(post("/key/generate", R"({"enforced_params":["user","metadata.a"]})").status, 200);
}

}  // namespace
}  // namespace patchbay::control
