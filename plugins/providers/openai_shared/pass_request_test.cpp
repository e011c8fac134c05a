#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "pass_operation.hpp"
#include "request.hpp"
#include "test_support.hpp"

namespace patchbay::openai {
namespace {

struct Passed {
    std::string body;
    std::optional<Refusal> refusal;
    bay::Dropped dropped;
};

Passed write(const Dialect& dialect, std::string_view operation, const std::string& model,
             const std::string& json, std::uint32_t flags = 0, std::string_view allowed = {},
             std::string_view params = {}) {
    Request request(json, model, flags);
    request.event.allowed_params = bay::str(allowed);
    request.target.params = bay::str(params);
    bay::Splice body(request.event);
    Passed written;
    request.event.operation = bay::str(operation);
    written.refusal = write_pass_body(request.event, dialect, *find_pass_operation(operation), body,
                                      &written.dropped);
    written.body = body.text();
    return written;
}

Dialect with(OperationRule rule) {
    Dialect dialect;
    dialect.provider = "acme";
    dialect.operations.push_back(std::move(rule));
    return dialect;
}

TEST(PassBody, OnlyTheModelIsAnother) {
    const Dialect dialect;
    const auto written = [&](const char* json) {
        return write(dialect, "embeddings", "text-embedding-3-small", json).body;
    };
    EXPECT_EQ(
        written(R"({ "model":"mine", "input":["a", 1.50], "encoding_format":"base64" })"),
        R"({ "model":"text-embedding-3-small", "input":["a", 1.50], "encoding_format":"base64" })");
    EXPECT_EQ(written(R"({"input":[[1,2]],"foo":{}})"),
              R"({"input":[[1,2]],"foo":{},"model":"text-embedding-3-small"})");
}

TEST(PassBody, WhatReasoningModelsRefuseInResponsesIsLeftOutIfAskedFor) {
    Dialect openai;
    openai.openai_families = true;
    const struct {
        const char* model;
        const char* members;
        const char* sent;  ///< with drop_params
    } rows[] = {
        {"gpt-5", R"("temperature":0.2,"store":false)", R"("store":false)"},
        {"o3", R"("top_p":0.5,"top_logprobs":2)", ""},
        {"o3", R"("temperature":1.0)", R"("temperature":1.0)"},
        {"gpt-4o", R"("temperature":0.2)", R"("temperature":0.2)"},
        {"gpt-5.1", R"("temperature":0.2)", R"("temperature":0.2)"},
        {"gpt-5.1", R"("reasoning":{"effort":"none"},"top_p":0.2)",
         R"("reasoning":{"effort":"none"},"top_p":0.2)"},
        {"gpt-5.1", R"("top_p":0.2,"reasoning":{"effort":"low"})",
         R"("reasoning":{"effort":"low"})"},
    };
    for (const auto& row : rows) {
        const std::string json = std::string("{\"model\":\"m\",") + row.members + "}";
        const auto sent = write(openai, "responses", row.model, json, BAY_REQ_DROP_PARAMS);
        const std::string comma = *row.sent != 0 ? "," : "";
        EXPECT_EQ(sent.body,
                  std::string("{\"model\":\"") + row.model + "\"" + comma + row.sent + "}");
        EXPECT_EQ(sent.dropped.names().empty(), std::string(row.sent) == row.members) << json;
        const auto passed = write(openai, "responses", row.model, json);
        EXPECT_EQ(passed.body,
                  std::string("{\"model\":\"") + row.model + "\"," + row.members + "}");
        EXPECT_FALSE(passed.refusal) << "OpenAI's to refuse";
    }
}

TEST(PassBody, OpenAisResponsesGetNoStateOfOthersBehindIds) {
    Dialect openai;
    openai.openai_families = true;
    const auto items = [](const std::string& id) {
        return R"({"model":"m","input":[{"type":"function_call","call_id":")" + id +
               R"(","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":")" + id +
               R"(","output":"r"}]})";
    };
    const auto sent = [&](const std::string& model, const std::string& id) {
        return boost::json::parse(write(openai, "responses", model, items(id)).body).at("input");
    };
    const std::string id = "call_1__thought__" + std::string(60, 'A');
    EXPECT_EQ(sent("gpt-5", id), boost::json::parse(items("call_1")).at("input"));
    EXPECT_EQ(sent("gpt-5", "a__thought__A"),
              boost::json::parse(items("a__thought__A")).at("input"));
    EXPECT_EQ(sent("gemini-3-pro", id), boost::json::parse(items(id)).at("input"));
}

TEST(PassBody, WithoutAModelOfTheUpstreamTheClientsStays) {
    EXPECT_EQ(write({}, "moderations", "", R"({"model":"m","input":"x"})").body,
              R"({"model":"m","input":"x"})");
    EXPECT_EQ(write({}, "moderations", "", R"({"input":"x"})").body, R"({"input":"x"})");
}

TEST(PassBody, MembersMayHaveAnotherNameThere) {
    OperationRule rule{"embeddings"};
    rule.renames = {{"dimensions", "output_dimension"}};
    EXPECT_EQ(
        write(with(rule), "embeddings", "up", R"({"model":"m","dimensions":3,"input":"x"})").body,
        R"({"model":"up","input":"x","output_dimension":3})");
}

TEST(PassBody, WhatTheProviderDoesNotTakeIsRefusedTogether) {
    const Dialect dialect =
        with({"embeddings", {}, {"dimensions", "user", "encoding_format", "b"}});
    const std::string json =
        R"({"model":"m","input":"x","dimensions":3,"user":"u","encoding_format":"base64","b":1})";
    const Passed refused = write(dialect, "embeddings", "up", json);
    ASSERT_TRUE(refused.refusal);
    EXPECT_EQ(refused.refusal->cls, BAY_ERR_UNSUPPORTED);
    EXPECT_EQ(refused.refusal->param, "dimensions");
    EXPECT_NE(refused.refusal->message.find(
                  "acme does not support parameters: ['dimensions', 'b'], for model=up"),
              std::string::npos);
    const Passed dropped = write(dialect, "embeddings", "up", json, BAY_REQ_DROP_PARAMS);
    EXPECT_FALSE(dropped.refusal);
    EXPECT_EQ(dropped.body, R"({"model":"up","input":"x"})");
    EXPECT_EQ(write(dialect, "embeddings", "up", json, 0, "dimensions,b").body,
              R"({"model":"up","input":"x","dimensions":3,"b":1})");
    EXPECT_EQ(write(dialect, "embeddings", "up", R"({"model":"m","dimensions":null})").body,
              R"({"model":"up"})");
}

TEST(PassBody, ARuleIsAboutItsOperationAndItsModels) {
    const Dialect dialect = with({"embeddings", {}, {"dimensions"}, {"*ada-*"}});
    const std::string json = R"({"model":"m","dimensions":3})";
    EXPECT_TRUE(write(dialect, "embeddings", "text-embedding-ada-002", json).refusal);
    EXPECT_FALSE(write(dialect, "embeddings", "text-embedding-3-large", json).refusal);
    EXPECT_FALSE(write(dialect, "images.generate", "text-embedding-ada-002", json).refusal);
}

TEST(PassBody, AStreamIsAskedForItsUsageWhereItsOptionsAreKnown) {
    constexpr std::uint32_t kFlags = BAY_REQ_STREAM | BAY_REQ_WANT_USAGE;
    const std::string asked = R"({"model":"m","stream":true})";
    const std::string usage =
        R"({"model":"up","stream":true,"stream_options":{"include_usage":true}})";
    EXPECT_EQ(write({}, "completions", "up", asked, kFlags).body, usage);
    EXPECT_EQ(
        write({}, "completions", "up",
              R"({"model":"m","stream":true,"stream_options":{"include_usage":false}})", kFlags)
            .body,
        usage);
    EXPECT_EQ(write({}, "images.generate", "up", asked, kFlags).body,
              R"({"model":"up","stream":true})");
    EXPECT_EQ(write({}, "completions", "up", asked, kFlags, {},
                    R"({"additional_drop_params":["stream_options"]})")
                  .body,
              R"({"model":"up","stream":true})");
    Dialect silent;
    silent.stream_options = false;
    EXPECT_EQ(write(silent, "completions", "up", asked, kFlags).body,
              R"({"model":"up","stream":true})");
}

TEST(PassBody, CountsCharactersAndNotBytes) {
    EXPECT_EQ(characters(R"("Hello")"), 5u);
    EXPECT_EQ(characters(R"("é\u00e9\n😀\ud83d\ude00")"), 5u);
    EXPECT_EQ(characters(R"(["Hello"])"), 0u);
    EXPECT_EQ(characters(""), 0u);
}

}  // namespace
}  // namespace patchbay::openai
