#include "helicone.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"

namespace patchbay::helicone {
namespace {

namespace json = boost::json;
using sink::Driver;
using testing::ElementsAre;

constexpr const char* kId = "0c0a8f9e-0000-1111-8222-333344445555";
constexpr const char* kPayload = R"({
    "model": "openai/gpt-4o", "custom_llm_provider": "openai", "startTime": 1700000000.25,
    "endTime": 1700000001.5, "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5,
    "end_user": "u-1", "messages": [{"role": "user", "content": "hi"}],
    "model_parameters": {"temperature": 1},
    "response": {"id": "r-1", "choices": [{"finish_reason": "tool_calls", "message": {
        "role": "assistant", "content": "hello", "tool_calls": [{"id": "t", "type": "function",
        "function": {"name": "f", "arguments": "{\"a\":1}"}}]}}]},
    "metadata": {"requester_metadata": {"helicone_session_id": "s-1", "helicone_property_n": 7,
                                        "helicone_auth": "mine", "color": "red"}}})";

class HeliconeTest : public testing::Test {
  protected:
    HeliconeTest()
        : helicone_(R"({"api_key":"hk","api_base":"https://helicone.example/"})", reports_.diag()) {
    }
    sink::Reports reports_;
    Helicone helicone_;
};

TEST_F(HeliconeTest, a_record_is_a_log_request) {
    Driver driver(helicone_);
    ASSERT_EQ(driver.batch({{kId, kPayload}}), BAY_OK);
    const auto& call = driver.calls().at(0);
    EXPECT_EQ(call.url, "https://helicone.example/oai/v1/log");
    EXPECT_EQ(call.headers.at("authorization"), "Bearer hk");
    const json::value body = call.json();
    EXPECT_EQ(body.at("providerRequest").at("url"), "https://api.openai.com/v1/chat/completions");
    EXPECT_EQ(body.at("providerRequest").at("json"),
              json::parse(R"({"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],
                              "temperature":1})"));
    EXPECT_EQ(body.at("providerRequest").at("meta"),
              json::parse(R"({"Helicone-Session-Id":"s-1","Helicone-Property-N":"7",
                              "Helicone-Auth":"Bearer hk","Helicone-User-Id":"u-1",
                              "Helicone-Request-Id":"0c0a8f9e-0000-1111-8222-333344445555"})"));
    EXPECT_EQ(body.at("providerResponse").at("status"), 200);
    EXPECT_EQ(body.at("providerResponse").at("json").at("id"), "r-1");
    EXPECT_EQ(body.at("providerResponse").at("json").at("usage").at("total_tokens"), 5);
    EXPECT_EQ(body.at("timing"),
              json::parse(R"({"startTime":{"seconds":1700000000,"milliseconds":250},
                              "endTime":{"seconds":1700000001,"milliseconds":500}})"));
    driver.answer(0, 200);
    EXPECT_TRUE(driver.done());
}

TEST_F(HeliconeTest, claudes_answers_have_anthropics_form) {
    json::value payload = json::parse(kPayload);
    payload.as_object()["model"] = "anthropic/claude-sonnet-4";
    payload.as_object()["custom_llm_provider"] = "anthropic";
    Driver driver(helicone_);
    driver.batch({{kId, json::serialize(payload)}});
    EXPECT_EQ(driver.calls().at(0).url, "https://helicone.example/anthropic/v1/log");
    EXPECT_EQ(driver.calls().at(0).json().at("providerResponse").at("json"), json::parse(R"({
        "id": "r-1", "type": "message", "role": "assistant", "model": "claude-sonnet-4",
        "content": [{"type": "text", "text": "hello"},
                    {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}],
        "stop_reason": "tool_use", "usage": {"input_tokens": 3, "output_tokens": 2}})"));
}

TEST_F(HeliconeTest, a_failure_has_its_status_and_message) {
    Driver driver(helicone_);
    driver.batch({{"call-1",
                   R"({"model":"m","error_str":"no luck","response":null,
                       "error_information":{"error_code":"429","error_class":"RateLimitError"}})",
                   true}});
    const json::value response = driver.calls().at(0).json().at("providerResponse");
    EXPECT_EQ(response.at("status"), 429);
    EXPECT_EQ(response.at("json").at("error").at("message"), "no luck");
    EXPECT_EQ(response.at("json").at("error").at("type"), "RateLimitError");
}

TEST_F(HeliconeTest, only_calls_that_failed_come_again_under_the_same_id) {
    Driver driver(helicone_);
    driver.batch({{"a", kPayload}, {"b", kPayload}});
    driver.answer(0, 200);
    driver.broken(1);
    EXPECT_TRUE(driver.done());
    EXPECT_THAT(driver.again(), ElementsAre(1u));
    Driver second(helicone_);
    second.batch({{"b", kPayload}});
    EXPECT_EQ(second.calls().at(0).body, driver.calls().at(1).body);
}

}  // namespace
}  // namespace patchbay::helicone
