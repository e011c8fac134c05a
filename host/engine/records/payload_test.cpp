#include "engine/records/payload.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

CallEntry entry(bool stream, std::string_view request, std::string_view answer) {
    CallEntry made;
    made.facts = {{"id", "call-1"},          {"status", "success"},      {"stream", stream},
                  {"endTime", 1700000000.5}, {"model", "openai/gpt-4o"}, {"prompt_tokens", 3}};
    made.request = request;
    made.answer = answer;
    return made;
}

/// All of it could be read.
json::object payload_of(const CallEntry& made) {
    Unread unread;
    json::object payload = make_payload(made, unread);
    EXPECT_TRUE(unread.empty());
    return payload;
}

constexpr std::string_view kRequest =
    R"({"model":"m","temperature":0.5,"user":"u","messages":[{"role":"user","content":"hi there"}],)"
    R"("metadata":{"tags":["a"],"trace_id":"t-9","color":"red"}})";
constexpr std::string_view kAnswer =
    R"({"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"the answer"}}]})";

TEST(CallRecord, comes_back_from_its_entry) {
    CallRecord record;
    record.facts = {{"id", "call-1"}};
    record.request = kRequest;
    record.answer = kAnswer;
    std::string head;
    std::string bytes;
    for (const std::string_view part : record.parts(head)) bytes += part;
    const auto read = read_entry(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->facts.at("id"), "call-1");
    EXPECT_EQ(read->request, kRequest);
    EXPECT_EQ(read->answer, kAnswer);
    EXPECT_FALSE(read_entry(bytes.substr(1)));
    EXPECT_FALSE(read_entry("short"));
}

TEST(CallRecord, says_what_its_attempts_used_together_and_each_by_itself) {
    CallRecord record;
    record.facts = {{"attempts", json::array{json::object{{"model_id", "a"}},
                                             json::object{{"model_id", "b"}}}}};
    record.attempts.resize(2);
    for (std::size_t i = 0; i < 2; ++i) {
        LedgerEntry& attempt = record.attempts[i];
        attempt.started_us = 1'700'000'000'500'000;
        attempt.ended_us = 1'700'000'001'250'000;
        attempt.status = i == 0 ? 503 : 200;
        for (std::uint64_t& count : attempt.usage) count = 10 + i;
    }
    record.attempts[0].flags = LedgerEntry::kEstimated;
    std::string head;
    std::string bytes;
    for (const std::string_view part : record.parts(head)) bytes += part;
    const auto read = read_entry(bytes);
    ASSERT_TRUE(read);
    const json::object& facts = read->facts;
    EXPECT_EQ(facts.at("prompt_tokens"), 21);
    EXPECT_EQ(facts.at("usage_object").at("completion_tokens_details").at("reasoning_tokens"), 21);
    EXPECT_EQ(facts.at("usage_estimated"), true);
    const json::array& attempts = facts.at("attempts").as_array();
    EXPECT_EQ(attempts[0].at("model_id"), "a");
    EXPECT_EQ(attempts[0].at("status_code"), 503);
    EXPECT_EQ(attempts[0].at("usage_estimated"), true);
    EXPECT_EQ(attempts[1].at("usage_estimated"), false);
    EXPECT_EQ(attempts[1].at("usage_object").at("total_tokens"), 11);
    EXPECT_EQ(attempts[1].at("startTime"), 1700000000.5);
    EXPECT_EQ(attempts[1].at("endTime"), 1700000001.25);
}

TEST(CallRecord, leaves_out_what_is_too_large) {
    const std::string large(CallRecord::kMaxText + 1, 'x');
    CallRecord record;
    record.request = large;
    std::string head;
    std::string bytes;
    for (const std::string_view part : record.parts(head)) bytes += part;
    EXPECT_EQ(read_entry(bytes)->request, "");
}

TEST(Payload, has_litellms_members) {
    const json::object payload = payload_of(entry(false, kRequest, kAnswer));
    EXPECT_EQ(payload.at("id"), "call-1");
    EXPECT_EQ(payload.at("trace_id"), "t-9");
    EXPECT_EQ(payload.at("end_user"), "u");
    EXPECT_EQ(json::serialize(payload.at("model_parameters")), R"({"temperature":5E-1})");
    EXPECT_EQ(json::serialize(payload.at("request_tags")), R"(["a"])");
    EXPECT_EQ(payload.at("messages").at(0).at("content"), "hi there");
    EXPECT_EQ(payload.at("response").at("id"), "x");
    EXPECT_EQ(payload.at("metadata").at("requester_metadata").at("color"), "red");
    EXPECT_EQ(payload.at("hidden_params").at("litellm_model_name"), "openai/gpt-4o");
    for (const char* name :
         {"call_type", "status", "startTime", "endTime", "completionStartTime", "response_time",
          "model_group", "model_id", "api_base", "custom_llm_provider", "total_tokens",
          "completion_tokens", "response_cost", "cache_hit", "requester_ip_address", "user_agent",
          "error_str", "error_information", "guardrail_information"}) {
        EXPECT_TRUE(payload.contains(name)) << name;
    }
}

TEST(Payload, what_is_asked_is_messages_whatever_its_name) {
    const struct {
        std::string_view request;
        std::string_view messages;
        std::string_view parameters;
    } cases[] = {
        {R"({"model":"m","input":["a","b"],"dimensions":5})", R"(["a","b"])",
         R"({"dimensions":5})"},
        {R"({"model":"m","input":"a","voice":"v"})", R"("a")", R"({"voice":"v"})"},
        {R"({"model":"m","prompt":"a","suffix":"b"})", R"("a")", R"({"suffix":"b"})"},
        {R"({"model":"m","messages":[],"input":"a"})", "[]", R"({"input":"a"})"},
        {R"({"model":"m","messages":null,"input":[1,2]})", "[1,2]", "{}"},
        {R"({"model":"m"})", "null", "{}"},
    };
    for (const auto& c : cases) {
        const json::object payload = payload_of(entry(false, c.request, {}));
        EXPECT_EQ(json::serialize(payload.at("messages")), c.messages) << c.request;
        EXPECT_EQ(json::serialize(payload.at("model_parameters")), c.parameters) << c.request;
    }
}

TEST(Payload, shows_parameters_that_are_known_and_no_secret) {
    CallEntry made = entry(
        false,
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":)"
        R"({"url":"https://u:AAAA-1@files.example/a.png?sig=AAAA-2&v=1"}}]}],"temperature":1,"top_k":2,)"
        R"("seed":3,"stop":"x","vendor_thing":"AAAA-3","azure_ad_token":"AAAA-4","additional_drop_params":["seed"],)"
        R"("extra_headers":{"a":"AAAA-5"},"tools":[{"type":"mcp","server_url":"https://m.example?key=AAAA-6",)"
        R"("authorization":"AAAA-7","headers":{"x":"AAAA-8"}},{"type":"function","function":{"name":"f","parameters":)"
        R"({"type":"object","properties":{"api_key":{"type":"string"}}}}}],)"
        R"("metadata":{"api_key":"AAAA-9","color":"red","deep":[{"clientSecret":{"a":"AAAA-A"}}]}})",
        kAnswer);
    made.facts["dropped_params"] = json::array{"stop"};
    Unread unread;
    const json::object payload = make_payload(made, unread);
    EXPECT_TRUE(unread.empty());
    EXPECT_THAT(json::serialize(payload), Not(HasSubstr("AAAA")));
    const json::object& parameters = payload.at("model_parameters").as_object();
    EXPECT_EQ(parameters.size(), 3u) << json::serialize(parameters);
    EXPECT_EQ(parameters.at("top_k"), 2);
    EXPECT_EQ(json::serialize(parameters.at("tools").at(1)),
              R"({"type":"function","function":{"name":"f","parameters":)"
              R"({"type":"object","properties":{"api_key":{"type":"string"}}}}})")
        << "what a schema says of its members is no secret";
    EXPECT_EQ(payload.at("metadata").at("requester_metadata").at("color"), "red");
}

TEST(Payload, labels_come_from_headers_too) {
    CallEntry made = entry(false, kRequest, kAnswer);
    made.facts["headers"] = json::parse(
        R"([["x-litellm-tags","b, a"],["x-litellm-trace-id","t-1"],["X-LiteLLM-End-User-Id","e-1"]])");
    Unread unread;
    const json::object payload = make_payload(made, unread);
    EXPECT_TRUE(unread.empty());
    EXPECT_EQ(json::serialize(payload.at("request_tags")), R"(["b","a"])");
    EXPECT_EQ(payload.at("trace_id"), "t-1");
    EXPECT_EQ(payload.at("end_user"), "e-1");
    EXPECT_EQ(payload.at("metadata").at("user_api_key_end_user_id"), "e-1");
}

TEST(Payload, the_operators_header_and_the_tags_of_the_key_are_told_too) {
    CallEntry made = entry(false, R"({"user":"u","tags":["a"]})", kAnswer);
    made.facts["end_user"] = "of the header";
    made.facts["key_tags"] = json::array{"a", "k"};
    Unread unread;
    const json::object payload = make_payload(made, unread);
    EXPECT_EQ(payload.at("end_user"), "of the header");
    EXPECT_EQ(payload.at("metadata").at("user_api_key_end_user_id"), "of the header");
    EXPECT_EQ(json::serialize(payload.at("request_tags")), R"(["a","k"])");
}

TEST(Payload, what_was_too_large_keeps_its_labels) {
    CallEntry made = entry(false, R"({"user":"u","temperature":1})", kAnswer);
    made.facts["messages_left_out"] = true;
    Unread unread;
    const json::object payload = make_payload(made, unread);
    EXPECT_TRUE(unread.empty());
    EXPECT_EQ(payload.at("messages"), "litellm_truncated: request too large");
    EXPECT_EQ(payload.at("end_user"), "u");
}

TEST(Payload, a_stream_is_rebuilt_to_a_whole_answer) {
    const json::object payload = payload_of(entry(
        true, kRequest,
        R"({"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})"
        "\n"
        R"({"id":"c","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]})"
        "\n"
        R"({"id":"c","choices":[{"index":0,"delta":{"content":"Hel"}},{"index":1,"delta":{"content":"B"}}]})"
        "\n"
        R"({"id":"c","choices":[{"index":0,"delta":{"content":"lo","tool_calls":[{"index":0,"id":"t",)"
        R"("type":"function","function":{"name":"f","arguments":"{\"a\""}}]}}]})"
        "\n"
        R"({"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},)"
        R"("finish_reason":"tool_calls"}],"usage":{"total_tokens":5}})"
        "\n"));
    const json::value& response = payload.at("response");
    EXPECT_EQ(response.at("object"), "chat.completion");
    EXPECT_EQ(response.at("usage").at("total_tokens"), 5);
    const json::value& choice = response.at("choices").at(0);
    EXPECT_EQ(choice.at("finish_reason"), "tool_calls");
    EXPECT_EQ(choice.at("message").at("content"), "Hello");
    EXPECT_EQ(choice.at("message").at("reasoning_content"), "hm");
    const json::value& call = choice.at("message").at("tool_calls").at(0);
    EXPECT_EQ(call.at("id"), "t");
    EXPECT_EQ(call.at("function").at("name"), "f");
    EXPECT_EQ(call.at("function").at("arguments"), "{\"a\":1}");
    EXPECT_EQ(response.at("choices").at(1).at("message").at("content"), "B");
}

TEST(Payload, inline_data_is_cut) {
    const std::string request =
        R"({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,)" +
        std::string(5000, 'A') + R"("}}]}]})";
    const std::string text = json::serialize(payload_of(entry(false, request, kAnswer)));
    EXPECT_THAT(text, HasSubstr("litellm_truncated"));
    EXPECT_LT(text.size(), 3000u);
}

TEST(Record, redaction_takes_all_texts_out) {
    const CallEntry call = entry(false, kRequest, kAnswer);
    RecordPrivacy privacy;
    privacy.redact_messages = true;
    const LogRecord record = make_record(call, payload_of(call), privacy);
    EXPECT_EQ(record.id, "call-1");
    EXPECT_EQ(record.unix_ms, 1700000000500);
    EXPECT_FALSE(record.failed);
    EXPECT_THAT(record.json, HasSubstr(R"([{"role":"user","content":"redacted-by-litellm"}])"));
    EXPECT_THAT(record.json, Not(HasSubstr("hi there")));
    EXPECT_THAT(record.json, Not(HasSubstr("the answer")));
    EXPECT_THAT(record.json, HasSubstr(R"("prompt_tokens":3)"));
}

TEST(Record, texts_among_the_parameters_are_hidden_with_the_others) {
    RecordPrivacy privacy;
    privacy.redact_messages = true;
    for (
        const char* request :
        {R"({"model":"m","prompt":"a","suffix":"hi there","seed":1})",
         R"({"model":"m","messages":[],"prediction":{"type":"content","content":"hi there"},"seed":1})"}) {
        const CallEntry call = entry(false, request, kAnswer);
        const std::string record = make_record(call, payload_of(call), privacy).json;
        EXPECT_THAT(record, Not(HasSubstr("hi there"))) << request;
        EXPECT_THAT(record, HasSubstr(R"("model_parameters":{"seed":1})")) << request;
    }
}

TEST(Record, vectors_are_hidden_with_the_texts_they_stand_for) {
    const CallEntry call = entry(
        false, R"({"model":"m","input":"hi there"})",
        R"({"object":"list","data":[{"embedding":[0.5]}],"model":"m","usage":{"prompt_tokens":3}})");
    RecordPrivacy privacy;
    privacy.redact_messages = true;
    const std::string record = make_record(call, payload_of(call), privacy).json;
    EXPECT_THAT(record, Not(HasSubstr("hi there")));
    EXPECT_THAT(record, HasSubstr(R"("response":{"object":"list","data":[],"model":"m",)"));
}

TEST(Record, the_clients_wish_goes_before_the_configuration) {
    CallEntry call = entry(false, kRequest, kAnswer);
    RecordPrivacy privacy;
    call.facts["redact"] = true;
    EXPECT_THAT(make_record(call, payload_of(call), privacy).json, Not(HasSubstr("hi there")));
    call.facts["redact"] = false;
    privacy.redact_messages = true;
    EXPECT_THAT(make_record(call, payload_of(call), privacy).json, HasSubstr("hi there"));
}

TEST(Record, fields_and_key_info_can_be_left_out) {
    CallEntry call = entry(false, kRequest, kAnswer);
    call.facts["user_api_key_hash"] = "abc";
    RecordPrivacy privacy;
    privacy.redact_key_info = true;
    privacy.excluded_fields = {"response", "messages"};
    const json::value record = json::parse(make_record(call, payload_of(call), privacy).json);
    EXPECT_FALSE(record.as_object().contains("response"));
    EXPECT_FALSE(record.as_object().contains("messages"));
    EXPECT_FALSE(record.at("metadata").as_object().contains("user_api_key_hash"));
}

TEST(CallRecord, survives_bytes_that_are_no_utf8) {
    CallRecord record;
    record.facts = {{"id", "call-1"}, {"user_agent", "caf\xe9"}};
    std::string head;
    std::string bytes;
    for (const std::string_view part : record.parts(head)) bytes += part;
    const auto read = read_entry(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->facts.at("user_agent"), "caf\uFFFD");
}

TEST(Payload, halves_of_pairs_cost_nothing) {
    const json::object payload = payload_of(entry(
        false,
        R"({"model":"m","user":"end-7","seed":12345678901234567890123,"metadata":{"trace_id":"T-7","tags":["t"]},)"
        R"("messages":[{"role":"user","content":"cut \ud83d here"}]})",
        R"({"choices":[{"index":0,"message":{"role":"assistant","content":"cut emoji \ud83d"}}]})"));
    EXPECT_EQ(json::serialize(payload.at("messages")),
              "[{\"role\":\"user\",\"content\":\"cut \uFFFD here\"}]");
    EXPECT_EQ(payload.at("trace_id"), "T-7");
    EXPECT_EQ(json::serialize(payload.at("request_tags")), R"(["t"])");
    EXPECT_EQ(payload.at("end_user"), "end-7");
    EXPECT_EQ(payload.at("response").at("choices").at(0).at("message").at("content"),
              "cut emoji \uFFFD");
    const CallEntry call = entry(false, kRequest, kAnswer);
    EXPECT_THAT(make_record(call, payload, {}).json,
                HasSubstr(R"("seed":12345678901234567890123)"));
}

TEST(Payload, of_a_stream_joins_halves_that_two_chunks_brought) {
    const json::object payload = payload_of(entry(
        true, kRequest,
        R"({"choices":[{"index":0,"delta":{"role":"assistant","content":"cut emoji \ud83d"}}]})"
        "\n"
        R"({"choices":[{"index":0,"delta":{"content":"\ude00 whole"},"finish_reason":"stop"}]})"
        "\n"));
    EXPECT_EQ(payload.at("response").at("choices").at(0).at("message").at("content"),
              "cut emoji 😀 whole");
}

TEST(Payload, says_what_could_not_be_read) {
    Unread unread;
    const json::object payload =
        make_payload(entry(false, R"({"messages":[])", R"({"choices":\})"), unread);
    EXPECT_THAT(payload.at("messages").as_string().c_str(),
                HasSubstr("litellm_truncated: the request: ',' or '}' expected at byte 14"));
    EXPECT_THAT(payload.at("response").as_string().c_str(),
                HasSubstr("litellm_truncated: the answer"));
    EXPECT_EQ(unread.size(), 2u);
    const json::object stream =
        make_payload(entry(true, kRequest, "{\"choices\":[]}\n{\n"), unread);
    EXPECT_EQ(unread.size(), 3u);
    EXPECT_THAT(unread.back(), HasSubstr("chunk of the answer"));
}

}  // namespace
}  // namespace patchbay
