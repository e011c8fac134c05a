#include "schema_tool.hpp"

#include <gtest/gtest.h>

#include "answers.hpp"

namespace patchbay::openai {
namespace {

constexpr std::string_view kFormat =
    R"({"type":"json_schema","json_schema":{"name":"p","schema":{"type":"object"}}})";

TEST(SchemaTool, HasTheSchemaAsParameters) {
    EXPECT_EQ(schema_tool(kFormat),
              R"({"type":"function","function":{"name":"json_tool_call","parameters":)"
              R"({"type":"object"}}})");
    EXPECT_EQ(schema_tool(R"({"type":"json_object"})"), "");
    EXPECT_EQ(schema_tool(R"({"type":"json_schema"})"), "");
}

TEST(SchemaTool, StandsBehindTheClientsTools) {
    EXPECT_EQ(with_tool("[]", "{}"), "[{}]");
    EXPECT_EQ(with_tool(R"( [{"a":1} ] )", "{}").find("{}"), std::string::npos);
    EXPECT_EQ(with_tool(R"([{"a":1} ] )", "{}"), R"([{"a":1} ,{}])");
    EXPECT_EQ(with_tool("null", "{}"), "null");
}

TEST(SchemaTool, IsCalledUnlessTheClientsToolsMayBe) {
    const std::string forced = R"({"type":"function","function":{"name":"json_tool_call"}})";
    const std::string named = R"({"type":"function","function":{"name":"mine"}})";
    EXPECT_EQ(schema_tool_choice("", false), forced);
    EXPECT_EQ(schema_tool_choice(R"("none")", true), forced);
    EXPECT_EQ(schema_tool_choice("", true), R"("required")");
    EXPECT_EQ(schema_tool_choice(R"("auto")", true), R"("required")");
    EXPECT_EQ(schema_tool_choice(named, true), named);
}

AnswerRules rules() {
    AnswerRules rules;
    rules.schema_tool = true;
    return rules;
}

TEST(SchemaTool, ItsArgumentsAreTheAnswer) {
    EXPECT_EQ(
        read_answer(
            rules(),
            R"({"choices":[{"message":{"content":null,"tool_calls":[{"id":"c","function":{"name":)"
            R"("json_tool_call","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}]})")
            .json,
        R"({"choices":[{"message":{"content":"{\"a\":1}"},"finish_reason":"stop"}]})");
}

TEST(SchemaTool, CallsOfOtherToolsStay) {
    EXPECT_FALSE(read_answer(rules(), R"({"choices":[{"message":{"tool_calls":[{"function":{)"
                                      R"("name":"mine","arguments":"{}"}}]},)"
                                      R"("finish_reason":"tool_calls"}]})")
                     .json);
}

std::string streamed(StreamState& stream, std::string_view choice) {
    const std::string text = R"({"choices":[)" + std::string(choice) + "]}";
    const Answer answer = read_answer(rules(), text, &stream);
    return answer.json.value_or(text);
}

TEST(SchemaTool, ItsArgumentsAreStreamedAsContent) {
    StreamState stream;
    EXPECT_EQ(
        streamed(stream, R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":)"
                         R"({"name":"json_tool_call","arguments":""}}]}})"),
        R"({"choices":[{"index":0,"delta":{}}]})");
    EXPECT_EQ(streamed(stream, R"({"index":0,"delta":{"tool_calls":[{"index":0,"function":)"
                               R"({"arguments":"{\"a\""}}]}})"),
              R"({"choices":[{"index":0,"delta":{"content":"{\"a\""}}]})");
    EXPECT_EQ(streamed(stream, R"({"index":0,"delta":{},"finish_reason":"tool_calls"})"),
              R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})");
}

TEST(SchemaTool, AStreamWithOtherCallsEndsForThem) {
    StreamState stream;
    const std::string other = R"({"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":)"
                              R"({"name":"mine","arguments":"{}"}}]}})";
    EXPECT_EQ(streamed(stream, other), R"({"choices":[)" + other + "]}");
    const std::string end = R"({"index":0,"delta":{},"finish_reason":"tool_calls"})";
    EXPECT_EQ(streamed(stream, end), R"({"choices":[)" + end + "]}");
}

}  // namespace
}  // namespace patchbay::openai
