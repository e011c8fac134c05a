#include "lunary.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"
#include "shared/ids.hpp"

namespace patchbay::lunary {
namespace {

namespace json = boost::json;
using sink::Driver;
using testing::ElementsAre;

constexpr const char* kPayload = R"({
    "model": "openai/gpt-4o", "custom_llm_provider": "openai", "startTime": 1700000000.25,
    "endTime": 1700000001.5, "prompt_tokens": 3, "completion_tokens": 2, "end_user": "u-1",
    "messages": [{"role": "user", "content": "hi"}], "model_parameters": {"temperature": 1},
    "request_tags": ["a", 5],
    "response": {"choices": [{"message": {"role": "assistant", "content": "yo", "refusal": null}}]},
    "metadata": {"requester_metadata": {"color": "red", "user_props": {"plan": "free"}},
                 "usage_object": {"prompt_tokens_details": {"cached_tokens": 1}}}})";

class LunaryTest : public testing::Test {
  protected:
    LunaryTest()
        : lunary_(R"({"public_key":"pk","api_url":"https://lunary.example"})", reports_.diag()) {}
    sink::Reports reports_;
    Lunary lunary_;
};

TEST_F(LunaryTest, a_record_is_the_start_and_the_end_of_a_run) {
    Driver driver(lunary_);
    ASSERT_EQ(driver.batch({{"call-1", kPayload}}), BAY_OK);
    const auto& call = driver.calls().at(0);
    EXPECT_EQ(call.url, "https://lunary.example/v1/runs/ingest");
    EXPECT_EQ(call.headers.at("authorization"), "Bearer pk");
    const json::value body = call.json();
    const std::string run = sink::uuid_of("call-1");
    EXPECT_EQ(
        body.at("events").at(0),
        json::value(
            {{"type", "llm"},
             {"event", "start"},
             {"runId", run},
             {"timestamp", "2023-11-14T22:13:20.250000Z"},
             {"name", "gpt-4o"},
             {"userId", "u-1"},
             {"userProps", {{"plan", "free"}}},
             {"tags", json::array{"a"}},
             {"params", {{"temperature", 1}}},
             {"input", json::parse(kPayload).at("messages")},
             {"metadata",
              {{"color", "red"}, {"litellm_call_id", "call-1"}, {"custom_llm_provider", "openai"}}},
             {"runtime", "litellm"}}));
    EXPECT_EQ(
        body.at("events").at(1),
        json::value({{"type", "llm"},
                     {"event", "end"},
                     {"runId", run},
                     {"timestamp", "2023-11-14T22:13:21.500000Z"},
                     {"runtime", "litellm"},
                     {"output", {{"role", "assistant"}, {"content", "yo"}}},
                     {"tokensUsage", {{"prompt", 3}, {"completion", 2}, {"promptCached", 1}}}}));
}

TEST_F(LunaryTest, a_failure_ends_a_run_with_an_error) {
    Driver driver(lunary_);
    driver.batch({{"call-1", R"({"error_str":"no luck"})", true}});
    const json::value end = driver.calls().at(0).json().at("events").at(1);
    EXPECT_EQ(end.at("event"), "error");
    EXPECT_EQ(end.at("error").at("message"), "no luck");
    EXPECT_EQ(end.at("error").at("stack"), "no luck");
}

TEST_F(LunaryTest, runs_that_were_not_taken_come_again) {
    Driver driver(lunary_);
    driver.batch({{"a", "{}"}, {"bad", "{"}, {"b", "{}"}});
    const std::string a = sink::uuid_of("a");
    const std::string b = sink::uuid_of("b");
    driver.answer(0, 200,
                  json::serialize(json::value({{"results",
                                                {{{"id", a}, {"success", true}},
                                                 {{"id", a}, {"success", true}},
                                                 {{"id", b}, {"success", true}},
                                                 {{"id", b}, {"success", false}}}}})));
    EXPECT_TRUE(driver.done());
    EXPECT_THAT(driver.again(), ElementsAre(2u));
}

TEST_F(LunaryTest, an_answer_without_results_is_good) {
    Driver driver(lunary_);
    driver.batch({{"a", "{}"}});
    driver.answer(0, 200, "ok");
    EXPECT_TRUE(driver.done());
    EXPECT_TRUE(driver.again().empty());
}

}  // namespace
}  // namespace patchbay::lunary
