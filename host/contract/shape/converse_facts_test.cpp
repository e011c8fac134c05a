#include "contract/shape/converse_facts.hpp"

#include <string>

#include <gtest/gtest.h>

#include "contract/shape/test_support.hpp"

namespace patchbay {

namespace {

struct ConverseCase {
    const char* event;
    const char* json;
    const char* usage = "";
    const char* text = "";
    bay::Choices seen = 0;
    bay::Choices finished = 0;
    bool meaningful = false;
    bool error = false;
    bool answer = false;
};

const ConverseCase kConverseCases[] = {
    {.event = "",
     .json =
         R"({"output":{"message":{"content":[{"text":"a"}]}},"stopReason":"end_turn","usage":{"inputTokens":1}})",
     .usage = R"({"inputTokens":1})",
     .text = R"({"message":{"content":[{"text":"a"}]}})",
     .meaningful = true,
     .answer = true},
    {.event = "", .json = R"({"message":"Too many requests"})", .error = true},
    {.event = "", .json = "{}"},
    {.event = "", .json = R"({"output":[]})"},
    {.event = "messageStart", .json = R"({"role":"assistant"})", .seen = 1},
    {.event = "contentBlockStart",
     .json = R"({"contentBlockIndex":0,"start":{"toolUse":{"name":"f"}}})",
     .seen = 1,
     .meaningful = true},
    {.event = "contentBlockDelta",
     .json = R"({"contentBlockIndex":0,"delta":{"text":"a"}})",
     .text = R"({"text":"a"})",
     .seen = 1,
     .meaningful = true},
    {.event = "contentBlockDelta",
     .json = R"({"contentBlockIndex":0,"delta":{"text":""}})",
     .seen = 1},
    {.event = "contentBlockStop", .json = R"({"contentBlockIndex":0})", .seen = 1},
    {.event = "messageStop",
     .json = R"({"stopReason":"end_turn"})",
     .seen = 1,
     .finished = 1,
     .meaningful = true},
    {.event = "metadata",
     .json = R"({"usage":{"outputTokens":2}})",
     .usage = R"({"outputTokens":2})"},
    {.event = "throttlingException", .json = R"({"message":"slow"})", .error = true},
    {.event = "somethingNew", .json = R"({"message":"m"})"},
};

TEST(ConverseFacts, AreThoseOfAnAnswerOrAnEvent) {
    for (const ConverseCase& one : kConverseCases) {
        const std::string_view json = one.json;
        const auto facts = scan_converse(one.event, json);
        EXPECT_TRUE(facts.object) << json;
        EXPECT_EQ(cut(json, facts.usage), one.usage) << json;
        EXPECT_EQ(cut(json, facts.text), one.text) << json;
        EXPECT_EQ(facts.seen, one.seen) << json;
        EXPECT_EQ(facts.finished, one.finished) << json;
        EXPECT_EQ(facts.meaningful, one.meaningful) << json;
        EXPECT_EQ(facts.error, one.error) << json;
        EXPECT_EQ(facts.answer, one.answer) << json;
    }
}

TEST(ConverseFacts, WhatIsNoObjectHasNone) {
    for (const std::string_view json : {"", "[]", "{", R"({"output":{}} x)", "{\"a\":\"\xff\"}"}) {
        EXPECT_EQ(scan_converse("", json), ConverseFacts()) << json;
    }
}

TEST(ConverseUsage, TellsThePromptWithWhatWasCached) {
    Usage usage;
    EXPECT_TRUE(read_converse_usage(
        R"({"inputTokens":28,"outputTokens":5,"totalTokens":2053,"cacheReadInputTokens":1920,"cacheWriteInputTokens":100})",
        usage));
    Usage expected;
    expected.prompt = 2048;
    expected.completion = 5;
    expected.total = 2053;
    expected.cached = 1920;
    expected.cache_creation = 100;
    EXPECT_EQ(usage, expected);
    for (const std::string_view other :
         {"", "[]", "{}", R"({"inputTokens":"one"})", R"({"inputTokens":-1})"}) {
        EXPECT_FALSE(read_converse_usage(other, usage)) << other;
        EXPECT_EQ(usage, expected);
    }
}

}  // namespace

}  // namespace patchbay
