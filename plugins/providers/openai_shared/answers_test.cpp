#include "answers.hpp"

#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

TEST(ReadAnswer, KeepsTheBytesOfWhatNoRuleTouches) {
    const Answer answer = read_answer({}, R"({"choices":[{"delta":{"reasoning":"r"}}]})");
    EXPECT_TRUE(answer.readable);
    EXPECT_FALSE(answer.json);
    EXPECT_FALSE(answer.usage);
}

TEST(ReadAnswer, ReasoningIsRenamed) {
    AnswerRules rules;
    rules.shape = true;
    EXPECT_EQ(read_answer(rules, R"({"choices":[{"delta":{"reasoning":"r"}}]})").json,
              R"({"choices":[{"delta":{"reasoning_content":"r"}}]})");
    EXPECT_EQ(read_answer(rules, R"({"choices":[{"message":{"reasoning":"r"}}]})").json,
              R"({"choices":[{"message":{"reasoning_content":"r","provider_specific_fields":)"
              R"({"reasoning":"r"}}}]})");
    EXPECT_FALSE(
        read_answer(rules, R"({"choices":[{"delta":{"reasoning":"r","reasoning_content":"c"}}]})")
            .json);
}

TEST(ReadAnswer, AChunkWithoutAListOfChoicesHasAnEmptyOne) {
    AnswerRules rules;
    rules.shape = true;
    StreamState stream;
    const char* const given = R"({"choices":null,"usage":{"prompt_tokens":1}})";
    const Answer answer = read_answer(rules, given, &stream);
    EXPECT_EQ(answer.json, R"({"choices":[],"usage":{"prompt_tokens":1}})");
    EXPECT_TRUE(answer.choices_empty);
    EXPECT_FALSE(answer.choices) << "the provider has told none";
    EXPECT_FALSE(read_answer(rules, given).choices) << "a whole answer needs choices";
    EXPECT_EQ(read_answer(rules, R"({"usage":{"prompt_tokens":1}})", &stream).json,
              R"({"usage":{"prompt_tokens":1},"choices":[]})");
    EXPECT_FALSE(read_answer(rules, R"({"detail":"no"})", &stream).choices);
}

TEST(ReadAnswer, ChoicesOfAStreamHaveNumbers) {
    AnswerRules rules;
    rules.shape = true;
    StreamState stream;
    EXPECT_EQ(
        read_answer(rules, R"({"choices":[{"delta":{}},{"delta":{},"index":null}]})", &stream).json,
        R"({"choices":[{"delta":{},"index":0},{"delta":{},"index":1}]})");
}

TEST(ReadAnswer, CacheHitsAreCounted) {
    AnswerRules rules;
    rules.cache_hit_tokens = true;
    const Answer answer = read_answer(
        rules,
        R"({"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_cache_hit_tokens":6}})");
    ASSERT_TRUE(answer.usage);
    EXPECT_EQ(answer.usage->cached_input_tokens, 6u);
    EXPECT_EQ(answer.usage->input_tokens, 10u);
    EXPECT_EQ(
        answer.json,
        R"({"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_cache_hit_tokens":6,"prompt_tokens_details":{"cached_tokens":6}}})");
}

TEST(ReadAnswer, UsageOfGroqStreams) {
    AnswerRules rules;
    rules.x_groq_usage = true;
    const Answer answer = read_answer(
        rules, R"({"choices":[],"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}}})");
    ASSERT_TRUE(answer.usage);
    EXPECT_EQ(answer.usage->output_tokens, 2u);
}

TEST(ReadAnswer, ReasoningThatIsNotCountedIsAdded) {
    AnswerRules rules;
    rules.reasoning_apart = true;
    const auto counted = [&](const char* total) {
        return read_answer(rules,
                           std::string(R"({"usage":{"prompt_tokens":10,"completion_tokens":5,)") +
                               R"("completion_tokens_details":{"reasoning_tokens":100},)" +
                               R"("total_tokens":)" + total + "}}")
            .usage->output_tokens;
    };
    EXPECT_EQ(counted("115"), 105u);
    EXPECT_EQ(counted("15"), 5u) << "it is part of the 5";
}

TEST(ReadAnswer, EmptyFinishReasonOfToolCalls) {
    AnswerRules rules;
    rules.shape = rules.tool_finish_reason = true;
    EXPECT_EQ(
        read_answer(rules, R"({"choices":[{"message":{"tool_calls":[{}]},"finish_reason":""}]})")
            .json,
        R"({"choices":[{"message":{"tool_calls":[{}]},"finish_reason":"tool_calls"}]})");
}

TEST(ReadAnswer, TellsWhatItIs) {
    const Answer chunk = read_answer(
        {},
        R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1,"delta":{}}]})");
    EXPECT_TRUE(chunk.is_answer());
    EXPECT_FALSE(chunk.whole);
    EXPECT_EQ(chunk.seen, 3u);
    EXPECT_EQ(chunk.finished, 1u);
    EXPECT_TRUE(read_answer({}, R"({"choices":[{"message":{}}]})").whole);
    EXPECT_TRUE(read_answer({}, R"({"choices":[{}],"error":{"message":"remark"}})").is_answer());
    EXPECT_FALSE(read_answer({}, R"({"choices":[],"error":{"message":"m"}})").is_answer());
    EXPECT_FALSE(read_answer({}, R"({"detail":"m"})").is_answer());
    EXPECT_TRUE(read_answer({}, R"({"object":"error","message":"m"})").error);
    EXPECT_FALSE(read_answer({}, R"({"error":{},"choices":[]})").error);
    AnswerRules rules;
    rules.shape = rules.tool_finish_reason = true;
    EXPECT_EQ(read_answer(rules, R"({"choices":[{"delta":{},"finish_reason":""}]})").finished, 0u);
    EXPECT_EQ(
        read_answer(rules, R"({"choices":[{"delta":{"tool_calls":[{}]},"finish_reason":""}]})")
            .finished,
        1u);
}

TEST(AnswerChunks, AreRewrittenAsTheAnswerIs) {
    AnswerRules rules;
    rules.shape = true;
    const auto chunks = answer_chunks(
        rules, R"({"choices":[{"index":0,"message":{"reasoning":"r"},"finish_reason":"stop"}]})");
    ASSERT_EQ(chunks.size(), 2u);
    EXPECT_NE(chunks[0].find(R"("reasoning_content":"r")"), std::string::npos);
    EXPECT_TRUE(answer_chunks(rules, R"({"error":{"message":"m"}})").empty());
}

TEST(ReadAnswer, ErrorsAndGarbage) {
    EXPECT_TRUE(read_answer({}, R"({"error":{"message":"m"}})").error);
    EXPECT_FALSE(read_answer({}, R"({"error":null,"choices":[]})").error);
    EXPECT_FALSE(read_answer({}, "<html>").readable);
    EXPECT_FALSE(read_answer({}, "[]").readable);
    EXPECT_FALSE(read_answer({}, R"({"usage":{"prompt_tokens":-1}})").usage->input_tokens != 0);
}

}  // namespace
}  // namespace patchbay::openai
