#include "otel.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"

namespace patchbay::otel {
namespace {

namespace json = boost::json;
using sink::Driver;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kPayload = R"({
    "call_type": "acompletion", "model": "openai/gpt-4o", "custom_llm_provider": "openai",
    "api_base": "https://api.example.com:8443/v1", "stream": true, "trace_id": "t-9",
    "startTime": 1700000000.25, "endTime": 1700000001.5, "completionStartTime": 1700000000.75,
    "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5,
    "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]},
                 {"role": "tool", "tool_call_id": "t", "content": "42"}],
    "model_parameters": {"temperature": 0.5, "max_tokens": 7, "max_completion_tokens": 8,
                         "stop": ["x"]},
    "response": {"id": "r-1", "model": "gpt-4o-2", "choices": [{"finish_reason": "tool_calls",
        "message": {"role": "assistant", "content": "yo", "tool_calls": [
            {"id": "t", "function": {"name": "f", "arguments": "{\"a\":1}"}}]}}]},
    "metadata": {"user_api_key_alias": "k"},
    "guardrail_information": [{"guardrail_name": "pii", "start_time": 1700000000.3,
                               "end_time": 1700000000.4}]})";

class OtelTest : public testing::Test {
  protected:
    OtelTest()
        : otel_(R"({"endpoint":"http://collector:4318","headers":"x-key=a%20b",
                    "service_name":"gateway"})",
                reports_.diag()) {}

    json::array spans(const std::string& payload, bool failed = false) {
        Driver driver(otel_);
        EXPECT_EQ(driver.batch({{"call-1", payload, failed}}), BAY_OK);
        const json::value body = driver.calls().at(0).json();
        return body.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").as_array();
    }
    static std::map<std::string, std::string> attributes(const json::value& of) {
        std::map<std::string, std::string> found;
        for (const json::value& one : of.at("attributes").as_array()) {
            const auto& value = *one.at("value").as_object().begin();
            const bool text = value.value().is_string();
            found[one.at("key").as_string().c_str()] =
                text ? value.value().as_string().c_str() : json::serialize(value.value());
        }
        return found;
    }
    sink::Reports reports_;
    Otel otel_;
};

TEST_F(OtelTest, exports_to_the_collector) {
    Driver driver(otel_);
    driver.batch({{"call-1", kPayload}});
    const auto& call = driver.calls().at(0);
    EXPECT_EQ(call.url, "http://collector:4318/v1/traces");
    EXPECT_EQ(call.headers.at("x-key"), "a b");
    EXPECT_EQ(call.headers.at("content-type"), "application/json");
    const json::value body = call.json();
    EXPECT_EQ(attributes(body.at("resourceSpans").at(0).at("resource")).at("service.name"),
              "gateway");
}

TEST_F(OtelTest, a_record_is_a_span_by_the_genai_conventions) {
    const json::array made = spans(kPayload);
    ASSERT_EQ(made.size(), 2u);
    const json::value& span = made[0];
    EXPECT_EQ(span.at("name"), "chat gpt-4o");
    EXPECT_EQ(span.at("kind"), 3);
    EXPECT_EQ(span.at("startTimeUnixNano"), "1700000000250000000");
    EXPECT_EQ(span.at("endTimeUnixNano"), "1700000001500000000");
    EXPECT_EQ(span.at("traceId").as_string().size(), 32u);
    EXPECT_EQ(span.at("spanId").as_string().size(), 16u);
    EXPECT_FALSE(span.as_object().contains("status"));
    const auto found = attributes(span);
    const std::map<std::string, std::string> wanted{
        {"gen_ai.operation.name", "chat"},
        {"gen_ai.provider.name", "openai"},
        {"gen_ai.request.model", "gpt-4o"},
        {"gen_ai.request.temperature", "5E-1"},
        {"gen_ai.request.max_tokens", "7"},
        {"gen_ai.request.stop_sequences", R"({"values":[{"stringValue":"x"}]})"},
        {"gen_ai.response.id", "r-1"},
        {"gen_ai.response.model", "gpt-4o-2"},
        {"gen_ai.response.finish_reasons", R"({"values":[{"stringValue":"tool_calls"}]})"},
        {"gen_ai.usage.input_tokens", "3"},
        {"gen_ai.usage.output_tokens", "2"},
        {"server.address", "api.example.com"},
        {"server.port", "8443"},
        {"llm.is_streaming", "true"},
        {"metadata.user_api_key_alias", "k"},
        {"gen_ai.input.messages",
         R"([{"role":"user","parts":[{"type":"text","content":"hi"}]},)"
         R"({"role":"tool","parts":[{"type":"tool_call_response","id":"t","response":"42"}]}])"},
        {"gen_ai.output.messages",
         R"([{"role":"assistant","parts":[{"type":"text","content":"yo"},{"type":"tool_call",)"
         R"("id":"t","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"}])"},
    };
    for (const auto& [key, value] : wanted) {
        ASSERT_TRUE(found.count(key)) << key;
        EXPECT_EQ(found.at(key), value) << key;
    }
    EXPECT_EQ(made[1].at("parentSpanId"), span.at("spanId"));
    EXPECT_EQ(made[1].at("traceId"), span.at("traceId"));
    EXPECT_EQ(attributes(made[1]).at("guardrail_name"), "pii");
}

TEST_F(OtelTest, ids_are_the_records_and_a_trace_id_of_its_own_is_kept) {
    EXPECT_EQ(spans(kPayload), spans(kPayload));
    const std::string id = "4bf92f3577b34da6a3ce929d0e0e4736";
    EXPECT_EQ(spans(R"({"trace_id":")" + id + R"("})")[0].at("traceId"), json::value(id));
    EXPECT_NE(spans(R"({"trace_id":"00000000000000000000000000000000"})")[0].at("traceId"),
              "00000000000000000000000000000000");
}

TEST_F(OtelTest, a_failure_has_the_status_and_the_kind_of_error) {
    const json::value span = spans(
        R"({"error_str":"no luck","error_information":{"error_class":"RateLimitError"}})", true)[0];
    EXPECT_EQ(span.at("status"), json::parse(R"({"code":2,"message":"no luck"})"));
    EXPECT_EQ(attributes(span).at("error.type"), "RateLimitError");
}

TEST_F(OtelTest, what_a_collector_rejects_is_told_and_not_sent_again) {
    for (const char* count : {"\"3\"", "3"}) {
        Driver driver(otel_);
        driver.batch({{"a", "{}"}});
        driver.answer(0, 200, std::string(R"({"partialSuccess":{"rejectedSpans":)") + count + "}}");
        EXPECT_TRUE(driver.done());
        EXPECT_TRUE(driver.again().empty());
        EXPECT_THAT(Driver::log(), ElementsAre(HasSubstr("rejected 3 spans")));
    }
    Driver full(otel_);
    full.batch({{"a", "{}"}});
    full.answer(0, 200, "{}");
    EXPECT_TRUE(full.done());
    EXPECT_THAT(Driver::log(), testing::IsEmpty());
}

TEST_F(OtelTest, a_collector_that_is_overloaded_gets_the_batch_again) {
    Driver driver(otel_);
    driver.batch({{"a", "{}"}});
    driver.answer(0, 503, "", {{"retry-after", "2"}});
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_UPSTREAM);
    EXPECT_EQ(driver.failure()->retry_after_ms, 2000u);
}

}  // namespace
}  // namespace patchbay::otel
