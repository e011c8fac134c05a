#include <gtest/gtest.h>

#include "request.hpp"
#include "written_body.hpp"

namespace patchbay::openai {
namespace {

TEST(WriteBody, OfTwoWaysToSayHowMuchToThinkOneIsEnough) {
    constexpr auto kBoth =
        R"({"model":"m","thinking":{"type":"enabled","budget_tokens":2048},"reasoning_effort":"low"})";
    Dialect dialect = groq();
    dialect.supported = {Param::reasoning_effort};
    EXPECT_EQ(write(dialect, "m", kBoth).body, R"({"model":"m","reasoning_effort":"low"})");
    dialect.supported = {Param::thinking};
    EXPECT_EQ(write(dialect, "m", kBoth).body,
              R"({"model":"m","thinking":{"type":"enabled","budget_tokens":2048}})");
    dialect.supported = {Param::tools};
    EXPECT_TRUE(write(dialect, "m", kBoth).refusal);
    EXPECT_TRUE(write(dialect, "m", R"({"model":"m","thinking":{"type":"disabled"}})").refusal);
    EXPECT_TRUE(write(dialect, "m", R"({"model":"m","thinking":{"type":"adaptive"}})").refusal);
}

TEST(WriteBody, ReasoningModelsTakeTemperatureOneOnly) {
    EXPECT_FALSE(write(openai(), "o3", R"({"model":"m","temperature":1.0})").refusal);
    const auto refused = write(openai(), "gpt-5", R"({"model":"m","temperature":0.2})");
    ASSERT_TRUE(refused.refusal);
    EXPECT_NE(refused.refusal->message.find("'temperature=0.2'"), std::string::npos);
    EXPECT_EQ(
        write(openai(), "gpt-5", R"({"model":"m","temperature":0.2})", BAY_REQ_DROP_PARAMS).body,
        R"({"model":"gpt-5"})");
}

TEST(WriteBody, EffortsThatAModelHasNotAreRefused) {
    const struct {
        const char* model;
        const char* effort;
        bool taken;
    } cases[] = {
        {"gpt-5", "minimal", true},         {"gpt-5", "none", false},
        {"gpt-5-mini", "xhigh", false},     {"ft:gpt-5-nano:o", "none", false},
        {"gpt-5.1", "none", true},          {"gpt-5.1", "minimal", false},
        {"gpt-5.1", "xhigh", false},        {"gpt-5.1-codex-max", "xhigh", true},
        {"gpt-5.2", "xhigh", true},         {"gpt-5.4", "minimal", false},
        {"gpt-5.2-pro", "minimal", true},   {"gpt-5.10", "xhigh", true},
        {"gpt5_series/mine", "none", true}, {"o3", "minimal", true},
    };
    for (const auto& one : cases) {
        const std::string body =
            std::string(R"({"model":"m","reasoning_effort":")") + one.effort + "\"}";
        const auto written = write(openai(), one.model, body);
        EXPECT_EQ(!written.refusal, one.taken) << one.model << " " << one.effort;
        if (!written.refusal) continue;
        const auto named = std::string("'reasoning_effort=") + one.effort + "'";
        EXPECT_NE(written.refusal->message.find(named), std::string::npos);
        EXPECT_EQ(write(openai(), one.model, body, BAY_REQ_DROP_PARAMS).body.find("effort"),
                  std::string::npos);
    }
}

TEST(WriteBody, LaterGpt5ModelsSampleWhileTheyDoNotReason) {
    EXPECT_FALSE(write(openai(), "gpt-5.1", R"({"model":"m","temperature":0.2})").refusal);
    EXPECT_FALSE(
        write(openai(), "gpt-5.1", R"({"model":"m","top_p":0.2,"reasoning_effort":"none"})")
            .refusal);
    EXPECT_TRUE(
        write(openai(), "gpt-5.1", R"({"model":"m","temperature":0.2,"reasoning_effort":"high"})")
            .refusal);
}

TEST(WriteBody, TemperatureIsClamped) {
    Dialect dialect = groq();
    dialect.temperature_max = 1;
    dialect.temperature_min_with_n = 0.3;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","temperature":1.7})").body,
              R"({"model":"m","temperature":1})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","temperature":0.1,"n":2})").body,
              R"({"model":"m","temperature":0.3,"n":2})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","temperature":0.10})").body,
              R"({"model":"m","temperature":0.10})");
}

TEST(WriteBody, ToolChoiceValues) {
    Dialect dialect = groq();
    dialect.tool_choice = {ChoiceAction::any, ChoiceAction::unsupported};
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","tool_choice":"required"})").body,
              R"({"model":"m","tool_choice":"any"})");
    EXPECT_TRUE(write(dialect, "m", R"({"model":"m","tool_choice":{"type":"function"}})").refusal);
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","tool_choice":{"type":"function"}})",
                    BAY_REQ_DROP_PARAMS)
                  .body,
              R"({"model":"m"})");
}

TEST(WriteBody, SchemaKeywordsAreRemovedButNotArguments) {
    Dialect dialect = groq();
    dialect.tool_schema_drop = {"strict", "additionalProperties"};
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":{"type":"object","additionalProperties":false,"properties":{"strict":{"type":"object","additionalProperties":{"type":"string","strict":true}}}}}}]})")
            .body,
        R"({"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"strict":{"type":"object","additionalProperties":{"type":"string"}}}}}}]})");
}

TEST(WriteBody, ResponseFormats) {
    Dialect dialect = groq();
    dialect.response_format = FormatRule::drop_text;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","response_format":{"type":"text"}})").body,
              R"({"model":"m"})");
    dialect.response_format = FormatRule::schema_in_json_object;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}})")
            .body,
        R"({"model":"m","response_format":{"type":"json_object","schema":{"type":"object"}}})");
    dialect.response_format = FormatRule::only_json_schema;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","response_format":{"type":"json_object"}})").body,
              R"({"model":"m"})");
    dialect.response_format = FormatRule::schema_in_message;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","messages":[],"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object","enum":["a\",:"]}}}})")
            .body,
        R"({"model":"m","messages":[{"role":"user","content":"Use this JSON schema: \n    ```json\n    {\"type\": \"object\", \"enum\": [\"a\\\",:\"]}\n    ```"}],"response_format":{"type":"json_object"}})");
}

TEST(WriteBody, ThinkingBecomesEffort) {
    Dialect dialect = groq();
    dialect.supported.add({Param::thinking, Param::reasoning_effort});
    dialect.thinking = ThinkingRule::effort;
    EXPECT_EQ(
        write(dialect, "m", R"({"model":"m","thinking":{"type":"enabled","budget_tokens":3000}})")
            .body,
        R"({"model":"m","reasoning_effort":"medium"})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","thinking":{"type":"disabled"}})").body,
              R"({"model":"m"})");
}

TEST(WriteBody, EffortSwitchesThinkingOn) {
    Dialect dialect = groq();
    dialect.supported.add({Param::thinking, Param::reasoning_effort});
    dialect.thinking = ThinkingRule::switch_only;
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","reasoning_effort":"high"})").body,
              R"({"model":"m","thinking":{"type":"enabled"}})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","reasoning_effort":"none"})").body,
              R"({"model":"m"})");
    EXPECT_EQ(
        write(dialect, "m", R"({"model":"m","thinking":{"type":"enabled","budget_tokens":9}})")
            .body,
        R"({"model":"m","thinking":{"type":"enabled"}})");
}

TEST(WriteBody, ThinkingInTheWordsOfAProvider) {
    const struct {
        ThinkingRule rule;
        const char* members;
        const char* sent;
    } rows[] = {
        {ThinkingRule::off_switch, R"("reasoning_effort":"low")",
         R"({"reasoning_effort":"low","thinking":{"type":"enabled"}})"},
        {ThinkingRule::off_switch, R"("reasoning_effort":"none")",
         R"({"thinking":{"type":"disabled"}})"},
        {ThinkingRule::off_switch, R"("thinking":{"type":"enabled","budget_tokens":5})",
         R"({"thinking":{"type":"enabled"}})"},
        {ThinkingRule::budget, R"("reasoning_effort":"high")",
         R"({"thinking":{"type":"enabled","budget_tokens":4096},"max_tokens":8192})"},
        {ThinkingRule::budget, R"("reasoning_effort":"low","max_tokens":9000)",
         R"({"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":1024}})"},
        {ThinkingRule::budget, R"("reasoning_effort":"none")", "{}"},
        {ThinkingRule::budget, R"("thinking":{"type":"enabled","budget_tokens":2048})",
         R"({"thinking":{"type":"enabled","budget_tokens":2048},"max_tokens":6144})"},
    };
    for (const auto& row : rows) {
        Dialect dialect = groq();
        dialect.supported.add({Param::thinking, Param::reasoning_effort});
        dialect.models.push_back({.match = {"m*"}, .thinking = row.rule});
        auto body = boost::json::parse(
            write(dialect, "m1", std::string("{\"model\":\"m\",") + row.members + "}").body);
        body.as_object().erase("model");
        EXPECT_EQ(body, boost::json::parse(row.sent)) << row.members;
    }
}

TEST(WriteBody, FamiliesHaveTheirRolesAndFourStopSequences) {
    const std::string given =
        R"("messages":[{"role":"system","content":"a"},{"role":"developer","content":"b"}],"stop":["1","2","3","4","5"]})";
    const auto sent = [&](const char* model) {
        return boost::json::parse(write(openai(), model, R"({"model":"m",)" + given).body);
    };
    EXPECT_EQ(
        sent("gpt-4o").at("messages"),
        boost::json::parse(R"([{"role":"system","content":"a"},{"role":"system","content":"b"}])"));
    EXPECT_EQ(sent("o3").at("messages"),
              boost::json::parse(
                  R"([{"role":"user","content":"a"},{"role":"developer","content":"b"}])"));
    EXPECT_EQ(sent("gpt-4o").at("stop"), boost::json::parse(R"(["1","2","3","4"])"));
    EXPECT_EQ(boost::json::parse(write(groq(), "m", R"({"model":"m",)" + given).body)
                  .at("stop")
                  .as_array()
                  .size(),
              5u);
}

TEST(WriteBody, AnAnswerOfAFormatIsAskedForWholeWhereItIsNotStreamed) {
    Dialect dialect = groq();
    dialect.whole_formats = true;
    constexpr auto kFlags = BAY_REQ_STREAM | BAY_REQ_WANT_USAGE;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","stream":true,"stream_options":{},"response_format":{"type":"text"}})",
            kFlags)
            .body,
        R"({"model":"m","response_format":{"type":"text"}})");
    EXPECT_EQ(write(dialect, "m", R"({"model":"m","stream":true})", kFlags).body,
              R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})");
}

}  // namespace
}  // namespace patchbay::openai
