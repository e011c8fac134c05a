#include "langfuse.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"

namespace patchbay::langfuse {
namespace {

namespace json = boost::json;
using sink::Driver;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kConfig =
    R"({"public_key":"pk","secret_key":"sk","host":"https://langfuse.example/"})";

constexpr const char* kPayload = R"({
    "id": "call-1", "trace_id": "t-9", "call_type": "acompletion", "model": "openai/gpt-4o",
    "custom_llm_provider": "openai", "startTime": 1700000000.25, "endTime": 1700000001.5,
    "completionStartTime": 1700000000.75, "prompt_tokens": 10, "completion_tokens": 4,
    "total_tokens": 14, "response_cost": 0.0, "end_user": "u-1", "request_tags": ["a", 1],
    "messages": [{"role": "user", "content": "hi"}],
    "model_parameters": {"temperature": 0.5, "stop": ["x"], "response_format": {"type": "text"},
                         "tools": [{"type": "function"}]},
    "response": {"choices": [{"message": {"role": "assistant", "content": "hello"}}]},
    "metadata": {"user_api_key_alias": "team-key", "user_api_key_user_id": null,
                 "usage_object": {"prompt_tokens_details": {"cached_tokens": 6}},
                 "requester_metadata": {"color": "red", "session_id": "s-1"}},
    "guardrail_information": [{"guardrail_name": "pii", "guardrail_status": "guardrail_intervened",
                               "start_time": 1700000000.3, "end_time": 1700000000.4}]})";

class LangfuseTest : public testing::Test {
  protected:
    LangfuseTest() : langfuse_(kConfig, reports_.diag()) {}

    json::array events(const std::string& payload, bool failed = false) {
        Driver driver(langfuse_);
        EXPECT_EQ(driver.batch({{"call-1", payload, failed}}), BAY_OK);
        return driver.calls().at(0).json().at("batch").as_array();
    }
    static std::string with_wishes(json::object wishes) {
        json::value payload = json::parse(kPayload);
        payload.at("metadata").as_object()["requester_metadata"] = std::move(wishes);
        return json::serialize(payload);
    }
    sink::Reports reports_;
    Langfuse langfuse_;
};

TEST_F(LangfuseTest, sends_a_batch_to_the_ingestion_api) {
    Driver driver(langfuse_);
    driver.batch({{"call-1", kPayload}});
    const auto& call = driver.calls().at(0);
    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://langfuse.example/api/public/ingestion");
    EXPECT_EQ(call.headers.at("authorization"), "Basic cGs6c2s=");
    EXPECT_EQ(call.headers.at("content-type"), "application/json");
}

TEST_F(LangfuseTest, a_record_is_a_trace_a_generation_and_spans_of_guardrails) {
    const json::array batch = events(kPayload);
    ASSERT_EQ(batch.size(), 3u);
    EXPECT_EQ(batch[0].at("type"), "trace-create");
    EXPECT_EQ(batch[0].at("id"), "call-1-trace-create");
    EXPECT_EQ(batch[0].at("body"), json::parse(R"({
        "id": "t-9", "timestamp": "2023-11-14T22:13:20.250000Z", "name": "litellm-acompletion",
        "userId": "u-1", "sessionId": "s-1", "tags": ["a"],
        "input": {"messages": [{"role": "user", "content": "hi"}], "tools": [{"type": "function"}]},
        "output": {"role": "assistant", "content": "hello"}})"));
    const json::object& generation = batch[1].at("body").as_object();
    EXPECT_EQ(batch[1].at("type"), "generation-create");
    EXPECT_EQ(generation.at("id"), "call-1-generation");
    EXPECT_EQ(generation.at("traceId"), "t-9");
    EXPECT_EQ(generation.at("name"), "litellm:team-key");
    EXPECT_EQ(generation.at("startTime"), "2023-11-14T22:13:20.250000Z");
    EXPECT_EQ(generation.at("completionStartTime"), "2023-11-14T22:13:20.750000Z");
    EXPECT_EQ(generation.at("endTime"), "2023-11-14T22:13:21.500000Z");
    EXPECT_EQ(generation.at("model"), "gpt-4o");
    EXPECT_EQ(generation.at("modelParameters"), json::parse(R"({"temperature": 0.5, "stop": ["x"],
                              "response_format": "{\"type\":\"text\"}"})"));
    EXPECT_EQ(
        generation.at("usageDetails"),
        json::parse(R"({"input": 4, "output": 4, "total": 14, "cache_read_input_tokens": 6})"));
    EXPECT_FALSE(generation.contains("costDetails"));
    EXPECT_EQ(generation.at("level"), "DEFAULT");
    EXPECT_EQ(generation.at("metadata").at("color"), "red");
    EXPECT_FALSE(generation.at("metadata").as_object().contains("session_id"));
    EXPECT_EQ(batch[2].at("type"), "span-create");
    EXPECT_EQ(batch[2].at("body").at("id"), "call-1-guardrail-0");
    EXPECT_EQ(batch[2].at("body").at("level"), "WARNING");
    EXPECT_EQ(batch[2].at("body").at("metadata").at("guardrail_name"), "pii");
}

TEST_F(LangfuseTest, default_tags_are_what_the_record_tells) {
    Langfuse tagged(
        R"({"public_key":"pk","secret_key":"sk","proxy_base_url":"https://gw.example",
            "default_tags":["user_api_key_alias","user_api_key_user_id","cache_hit","cache_key","nothing","proxy_base_url"]})",
        reports_.diag());
    json::value payload = json::parse(kPayload);
    payload.as_object()["cache_hit"] = true;
    Driver driver(tagged);
    driver.batch({{"call-1", json::serialize(payload)}});
    EXPECT_EQ(driver.calls().at(0).json().at("batch").at(0).at("body").at("tags"),
              json::parse(R"(["a","user_api_key_alias:team-key","cache_hit:True",
                              "proxy_base_url:https://gw.example"])"));
}

TEST_F(LangfuseTest, the_same_record_gives_the_same_bytes) {
    Driver first(langfuse_);
    Driver second(langfuse_);
    first.batch({{"call-1", kPayload}});
    second.batch({{"call-1", kPayload}});
    EXPECT_EQ(first.calls().at(0).body, second.calls().at(0).body);
}

TEST_F(LangfuseTest, what_the_client_wishes_goes_before_what_is_usual) {
    const json::array batch = events(with_wishes({{"trace_name", "n"},
                                                  {"trace_user_id", "u-2"},
                                                  {"generation_name", "g"},
                                                  {"generation_id", "g-1"},
                                                  {"parent_observation_id", "p-1"},
                                                  {"mask_input", true},
                                                  {"mask_output", true}}));
    EXPECT_EQ(batch[0].at("body").at("name"), "n");
    EXPECT_EQ(batch[0].at("body").at("userId"), "u-2");
    EXPECT_EQ(batch[1].at("body").at("id"), "g-1");
    EXPECT_EQ(batch[1].at("body").at("name"), "g");
    EXPECT_EQ(batch[1].at("body").at("parentObservationId"), "p-1");
    const std::string all = json::serialize(batch);
    EXPECT_THAT(all, Not(HasSubstr("hello")));
    EXPECT_THAT(all, Not(HasSubstr("\"hi\"")));
}

TEST_F(LangfuseTest, an_existing_trace_is_changed_only_where_the_client_says) {
    const json::array batch = events(with_wishes(
        {{"existing_trace_id", "e-1"}, {"trace_name", "n"}, {"update_trace_keys", {"output"}}}));
    EXPECT_EQ(batch[0].at("body"),
              json::parse(R"({"id":"e-1","output":{"role":"assistant","content":"hello"}})"));
    EXPECT_EQ(batch[1].at("body").at("traceId"), "e-1");
}

TEST_F(LangfuseTest, a_failure_is_an_error_with_its_message) {
    const json::array batch = events(
        R"({"call_type":"acompletion","error_str":"no luck","messages":[],"response":null})", true);
    EXPECT_EQ(batch[1].at("body").at("level"), "ERROR");
    EXPECT_EQ(batch[1].at("body").at("statusMessage"), "no luck");
    EXPECT_EQ(batch[0].at("body").at("output"), "no luck");
    EXPECT_EQ(batch[0].at("body").at("id"), "call-1");
}

TEST_F(LangfuseTest, a_payload_with_nothing_in_it_has_the_records_time) {
    const json::array batch = events("{}");
    EXPECT_EQ(batch[1].at("body").at("endTime"), "2023-11-14T22:13:20.000000Z");
}

std::string partial(std::initializer_list<std::pair<const char*, int>> errors) {
    json::array list;
    for (const auto& [id, status] : errors) list.push_back({{"id", id}, {"status", status}});
    return json::serialize(json::object{{"successes", json::array{}}, {"errors", list}});
}

TEST_F(LangfuseTest, only_the_records_of_failed_events_come_again) {
    Driver driver(langfuse_);
    driver.batch({{"a", "{}"}, {"b", "{}"}, {"bad", "["}, {"c", "{}"}, {"d", "{}"}});
    driver.answer(0, 207,
                  partial({{"b-generation-create", 500},
                           {"c-trace-create", 400},
                           {"d-trace-create", 400},
                           {"d-generation-create", 429},
                           {"unknown", 500}}));
    EXPECT_TRUE(driver.done());
    EXPECT_THAT(driver.again(), ElementsAre(1u, 4u));
    EXPECT_THAT(Driver::log(), testing::Contains(HasSubstr("record c is refused")));
}

TEST_F(LangfuseTest, nothing_taken_is_a_failure_so_that_the_host_waits) {
    Driver driver(langfuse_);
    driver.batch({{"a", "{}"}, {"b", "{}"}});
    driver.answer(0, 207, partial({{"a-trace-create", 500}, {"b-trace-create", 500}}));
    EXPECT_FALSE(driver.done());
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_UPSTREAM);
}

TEST_F(LangfuseTest, an_account_that_cannot_be_read_makes_all_come_again) {
    Driver driver(langfuse_);
    driver.batch({{"a", "{}"}});
    driver.answer(0, 207, "<html>");
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_UPSTREAM);
    Driver plain(langfuse_);
    plain.batch({{"a", "{}"}});
    plain.answer(0, 200, "");
    EXPECT_TRUE(plain.done());
}

TEST_F(LangfuseTest, a_wrong_key_is_no_reason_to_drop_anything) {
    Driver driver(langfuse_);
    driver.batch({{"a", "{}"}});
    driver.answer(0, 401, "bad key");
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_AUTH);
    EXPECT_THAT(driver.failure()->message, Not(HasSubstr("sk")));
}

}  // namespace
}  // namespace patchbay::langfuse
