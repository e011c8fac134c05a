#include "content_filters.hpp"

#include <string>
#include <utility>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "answers.hpp"

namespace patchbay::openai {
namespace {

AnswerRules azure() {
    AnswerRules rules;
    rules.shape = rules.content_filters = true;
    return rules;
}

TEST(ContentFilters, WhatTheyFoundIsTheProvidersOwn) {
    constexpr std::pair<const char*, const char*> kAnswers[] = {
        {R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop","content_filter_results":{"hate":{"filtered":false}}}],"prompt_filter_results":[1]})",
         R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop","provider_specific_fields":{"content_filter_results":{"hate":{"filtered":false}}}}],"prompt_filter_results":[1]})"},
        {R"({"choices":[{"index":0,"delta":{"content":"a"},"content_filter_results":{}}]})",
         R"({"choices":[{"index":0,"delta":{"content":"a"},"provider_specific_fields":{"content_filter_results":{}}}]})"},
        {R"({"choices":[{"index":0,"finish_reason":null,"content_filter_offsets":{"end_offset":9},"content_filter_results":{"hate":1}}]})",
         R"({"choices":[{"index":0,"finish_reason":null,"delta":{},"provider_specific_fields":{"content_filter_results":{"hate":1},"content_filter_offsets":{"end_offset":9}}}]})"},
        {R"({"choices":[{"index":0,"delta":{},"finish_reason":"eos","content_filter_results":1}]})",
         R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop","provider_specific_fields":{"native_finish_reason":"eos","content_filter_results":1}}]})"},
    };
    for (const auto& [given, made] : kAnswers) {
        StreamState stream;
        const bool whole = std::string(given).find("message") != std::string::npos;
        const Answer answer = read_answer(azure(), given, whole ? nullptr : &stream);
        ASSERT_TRUE(answer.json) << given;
        EXPECT_EQ(boost::json::parse(*answer.json), boost::json::parse(made)) << *answer.json;
        EXPECT_FALSE(answer.withheld);
    }
}

TEST(ContentFilters, WhatTheyFoundInThePromptIsNoEventOfAStream) {
    StreamState stream;
    const Answer first = read_answer(
        azure(),
        R"({"choices":[],"id":"","object":"","prompt_filter_results":[{"prompt_index":0}]})",
        &stream);
    EXPECT_TRUE(first.withheld);
    const char* const next = R"({"choices":[{"index":0,"delta":{"content":"a"}}]})";
    const Answer second = read_answer(azure(), next, &stream);
    EXPECT_FALSE(second.withheld);
    EXPECT_FALSE(second.json) << "as it came";
}

TEST(ContentFilters, AnEventWithMoreThanThatIsNotWithheld) {
    constexpr const char* kEvents[] = {
        R"({"choices":[],"usage":{"prompt_tokens":1},"prompt_filter_results":[1]})",
        R"({"choices":[{"delta":{}}],"prompt_filter_results":[1]})", R"({"choices":[]})",
        R"({"prompt_filter_results":[1]})"};
    for (const char* event : kEvents) {
        StreamState stream;
        EXPECT_FALSE(read_answer(azure(), event, &stream).withheld) << event;
        EXPECT_FALSE(read_answer(AnswerRules(), event, &stream).withheld) << event;
    }
}

}  // namespace
}  // namespace patchbay::openai
