#include "answer_shape.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "answers.hpp"

namespace patchbay::openai {
namespace {

struct ShapeCase {
    const char* name;
    const char* given;
    const char* made;
};

AnswerRules every_rule() {
    AnswerRules rules;
    rules.shape = true;
    return rules;
}

TEST(AnswerShape, WhatIsNotOpenAisBecomesSo) {
    constexpr ShapeCase kCases[] = {
        {"thinking and text",
         R"({"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},{"type":"text","text":"c"},{"type":"text","text":"d"}]}}]})",
         R"({"choices":[{"message":{"content":"cd","reasoning_content":"ab"}}]})"},
        {"thinking alone",
         R"({"choices":[{"delta":{"content":[{"type":"thinking","thinking":"a"}]}}]})",
         R"({"choices":[{"delta":{"content":null,"reasoning_content":"a"}}]})"},
        {"reasoning of Databricks",
         R"({"choices":[{"message":{"content":[{"type":"reasoning","summary":[{"type":"summary_text","text":"a","signature":"s"}]},{"type":"text","text":"c"}]}}]})",
         R"({"choices":[{"message":{"content":"c","reasoning_content":"a","thinking_blocks":[{"type":"thinking","thinking":"a","signature":"s"}]}}]})"},
        {"citations",
         R"({"choices":[{"message":{"content":[{"type":"text","text":"c","citations":[{"type":"char_location"}]}]}}]})",
         R"({"choices":[{"message":{"content":"c","provider_specific_fields":{"citations":[[{"type":"char_location","supported_text":"c"}]]}}}]})"},
        {"tags of thoughts", R"({"choices":[{"message":{"content":"<think>a</think>c"}}]})",
         R"({"choices":[{"message":{"content":"c","reasoning_content":"a"}}]})"},
        {"members that OpenAI lacks",
         R"({"choices":[{"message":{"content":"c","reasoning":"a","reasoning_details":[1]}}]})",
         R"({"choices":[{"message":{"content":"c","reasoning_content":"a","provider_specific_fields":{"reasoning":"a","reasoning_details":[1]}}}]})"},
        {"an end that nobody knows", R"({"choices":[{"delta":{},"finish_reason":"eos"}]})",
         R"({"choices":[{"delta":{},"finish_reason":"stop","provider_specific_fields":{"native_finish_reason":"eos"}}]})"},
        {"no parts", R"({"choices":[{"message":{"content":[]}}]})",
         R"({"choices":[{"message":{"content":""}}]})"},
        {"arguments that are an object",
         R"({"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":{"a":1.50}}}]}}]})",
         R"({"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"a\":1.5}"},"type":"function"}]}}]})"},
        {"arguments that are null",
         R"({"choices":[{"message":{"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":null}}]}}]})",
         R"({"choices":[{"message":{"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]})"},
        {"arguments of a piece that are null",
         R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":null}}]}}]})",
         R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":""}}]}}]})"},
        {"an end without a name", R"({"choices":[{"message":{"content":"a"},"finish_reason":""}]})",
         R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})"},
        {"no end yet", R"({"choices":[{"delta":{"content":"a"},"finish_reason":""}]})",
         R"({"choices":[{"delta":{"content":"a"},"finish_reason":null}]})"},
        {"a provider's own end",
         R"({"choices":[{"message":{"content":"a"},"finish_reason":"model_length"}]})",
         R"({"choices":[{"message":{"content":"a"},"finish_reason":"length","provider_specific_fields":{"native_finish_reason":"model_length"}}]})"},
    };
    for (const ShapeCase& one : kCases) {
        const Answer answer = read_answer(every_rule(), one.given);
        ASSERT_TRUE(answer.json) << one.name;
        EXPECT_EQ(boost::json::parse(*answer.json), boost::json::parse(one.made))
            << one.name << ": " << *answer.json;
    }
}

TEST(AnswerShape, WhatIsOpenAisKeepsItsBytes) {
    constexpr const char* kGood[] = {
        R"({"choices":[{"message":{"content":"a <think>b</think>"}}]})",
        R"({"choices":[{"message":{"content":"<think>b"}}]})",
        R"({"choices":[{"message":{"content":[{"type":"image_url"}]}}]})",
        R"({"choices":[{"message":{"content":"a","refusal":null,"annotations":[],"audio":{}}}]})",
        R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})",
        R"({"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}}]})",
        R"({"choices":[{"delta":{},"finish_reason":null}]})",
        R"({"choices":[{"message":{"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]})",
        R"({"choices":[3,{"message":4},{"message":{"content":5,"tool_calls":[6]}}]})",
    };
    for (const char* good : kGood) EXPECT_FALSE(read_answer(every_rule(), good).json) << good;
}

TEST(AnswerShape, AChoiceOfAStreamHasADelta) {
    for (const char* given : {R"({"choices":[{"index":0,"finish_reason":"stop"}]})",
                              R"({"choices":[{"index":0,"delta":null,"finish_reason":"stop"}]})"}) {
        StreamState stream;
        const Answer answer = read_answer(every_rule(), given, &stream);
        ASSERT_TRUE(answer.json) << given;
        EXPECT_EQ(
            boost::json::parse(*answer.json),
            boost::json::parse(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"));
    }
}

TEST(AnswerShape, AnEndThatIsAFailureIsNoEnd) {
    constexpr std::pair<const char*, std::uint32_t> kEnds[] = {
        {R"({"choices":[{"message":{"content":"a"},"finish_reason":"error"}]})", BAY_ERR_UPSTREAM},
        {R"({"choices":[{"delta":{},"finish_reason":"network_error"}]})", BAY_ERR_UPSTREAM},
        {R"({"choices":[{"delta":{},"finish_reason":"stop"},{"delta":{},"finish_reason":"insufficient_system_resource"}]})",
         BAY_ERR_OVERLOADED},
    };
    for (const auto& [text, cls] : kEnds) {
        const Answer answer = read_answer(every_rule(), text);
        ASSERT_NE(answer.given_up, nullptr) << text;
        EXPECT_EQ(answer.given_up->cls, cls) << text;
        EXPECT_EQ(read_answer(AnswerRules(), text).given_up, nullptr) << "nothing is shaped";
    }
    EXPECT_EQ(read_answer(every_rule(), R"({"choices":[{"finish_reason":"eos"}]})").given_up,
              nullptr);
}

TEST(AnswerShape, MembersStayWhereARowSaysSo) {
    AnswerRules rules;
    rules.shape = rules.keep_extras = rules.stream_reasoning_stays = true;
    const Answer whole = read_answer(rules, R"({"choices":[{"message":{"reasoning":"a","x":1}}]})");
    EXPECT_EQ(whole.json,
              R"({"choices":[{"message":{"reasoning":"a","x":1,"reasoning_content":"a"}}]})");
    const Answer chunk = read_answer(rules, R"({"choices":[{"delta":{"reasoning":"a"}}]})");
    EXPECT_EQ(chunk.json, R"({"choices":[{"delta":{"reasoning":"a","reasoning_content":"a"}}]})");
}

TEST(AnswerShape, ReasoningAndEmptyContentStayWhatARowSays) {
    AnswerRules rules = every_rule();
    rules.keep_extras = rules.reasoning_stays = true;
    const char* const given = R"({"choices":[{"message":{"content":"","reasoning":"a"}}]})";
    EXPECT_FALSE(read_answer(rules, given).json) << "as it came";
    rules.reasoning_stays = false;
    rules.null_content = true;
    EXPECT_EQ(
        boost::json::parse(*read_answer(rules, given).json),
        boost::json::parse(
            R"({"choices":[{"message":{"content":null,"reasoning":"a","reasoning_content":"a"}}]})"));
}

TEST(AnswerShape, UsageThatNobodyAskedForIsCountedAndHidden) {
    AnswerRules rules = every_rule();
    rules.hides_usage = true;
    StreamState stream;
    const char* const last =
        R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":4}})";
    const Answer answer = read_answer(rules, last, &stream);
    ASSERT_TRUE(answer.usage);
    EXPECT_EQ(answer.usage->input_tokens, 4u);
    EXPECT_EQ(boost::json::parse(*answer.json),
              boost::json::parse(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"));
    EXPECT_FALSE(read_answer(rules, R"({"choices":[],"usage":{"prompt_tokens":4}})", &stream).json)
        << "the host's to withhold";
}

}  // namespace
}  // namespace patchbay::openai
