// SPDX-License-Identifier: Apache-2.0
#include "usage.hpp"

#include <patchbay/sdk.hpp>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay::anthropic {
namespace {

struct Told {
    std::vector<const char*> usages;  // one after the other, as a stream tells them
    std::uint64_t prompt;
    std::uint64_t cached;
    std::uint64_t output;
};

class UsageOfStreams : public testing::TestWithParam<Told> {};

TEST_P(UsageOfStreams, WhatIsToldLaterHolds) {
    Usage usage;
    for (const auto* told : GetParam().usages) usage.merge(json::parse(told).as_object());
    const auto host = usage.to_host();
    EXPECT_EQ(host.input_tokens, GetParam().prompt);
    EXPECT_EQ(host.cached_input_tokens, GetParam().cached);
    EXPECT_EQ(host.output_tokens, GetParam().output);
}

INSTANTIATE_TEST_SUITE_P(
    All, UsageOfStreams,
    testing::Values(
        Told{{R"({"input_tokens":11,"output_tokens":1})", R"({"output_tokens":4})"}, 11, 0, 4},
        Told{{R"({"input_tokens":54,"output_tokens":0})",
              R"({"input_tokens":36,"output_tokens":4})"},
             36,
             0,
             4},
        Told{
            {R"({"input_tokens":36,"output_tokens":9})", R"({"input_tokens":0,"output_tokens":0})"},
            36,
            0,
            9},
        Told{{R"({"input_tokens":54})", R"({"input_tokens":10,"cache_read_input_tokens":30})"},
             40,
             30,
             0},
        Told{{R"({"input_tokens":54})", R"({"input_tokens":0,"cache_read_input_tokens":30})"},
             30,
             30,
             0},
        Told{{R"({"input_tokens":10,"cache_read_input_tokens":30})",
              R"({"input_tokens":0,"cache_read_input_tokens":30,"output_tokens":2})"},
             40,
             30,
             2},
        Told{{R"({"input_tokens":9,"output_tokens":1})",
              R"({"input_tokens":23,"output_tokens":10,"iterations":[
                  {"type":"compaction","input_tokens":180,"output_tokens":35,
                   "cache_read_input_tokens":4},
                  {"type":"message","input_tokens":23,"output_tokens":10}]})"},
             207,
             4,
             45},
        Told{{R"({"input_tokens":23,"cache_read_input_tokens":2,"output_tokens":10,"iterations":[
                  {"type":"message","input_tokens":23,"output_tokens":10}]})"},
             25,
             2,
             10}));

TEST(Usage, WhatCostsMoreIsTold) {
    Usage usage;
    usage.merge(json::parse(R"({"input_tokens":10,"cache_creation_input_tokens":100,
        "cache_creation":{"ephemeral_5m_input_tokens":30,"ephemeral_1h_input_tokens":70},
        "service_tier":"priority"})")
                    .as_object());
    // A stream with tools of Anthropic's tells more at its end, and not how long it is kept.
    usage.merge(json::parse(R"({"output_tokens":5,"cache_creation_input_tokens":1000,
        "server_tool_use":{"web_search_requests":3}})")
                    .as_object());
    const auto host = usage.to_host();
    EXPECT_EQ(host.cache_write_tokens, 1000u);
    EXPECT_EQ(host.cache_write_1h_tokens, 70u);
    EXPECT_EQ(host.searches, 3u);
    EXPECT_EQ(bay::sv(host.tier), "priority");
    EXPECT_EQ(host.input_tokens, 1010u);
}

TEST(Usage, PartsOfWhatWasCachedArePaidWhereTheirSumIsNotTold) {
    Usage usage;
    usage.merge(json::parse(R"({"input_tokens":10,"output_tokens":1,"cache_creation":
        {"ephemeral_5m_input_tokens":40,"ephemeral_1h_input_tokens":30}})")
                    .as_object());
    const auto host = usage.to_host();
    EXPECT_EQ(host.input_tokens, 80u);
    EXPECT_EQ(host.cache_write_tokens, 70u);
    EXPECT_EQ(host.cache_write_1h_tokens, 30u);
}

struct Split {
    const char* usage;
    bool thought;
    const char* details;  // of the completion; "null": none
};

class TokensOfAnswers : public testing::TestWithParam<Split> {};

// Nobody's count is made up: without thoughts none of the tokens were spent on them.
TEST_P(TokensOfAnswers, AreOfThoughtsOrOfText) {
    Usage usage;
    usage.merge(json::parse(GetParam().usage).as_object());
    if (GetParam().thought) usage.saw_thought();
    const auto told = usage.to_openai();
    const auto* details = told.if_contains("completion_tokens_details");
    EXPECT_EQ(details ? *details : json::value(nullptr), json::parse(GetParam().details));
}

INSTANTIATE_TEST_SUITE_P(
    All, TokensOfAnswers,
    testing::Values(Split{R"({"output_tokens":9})", false,
                          R"({"reasoning_tokens":0,"text_tokens":9})"},
                    Split{R"({"output_tokens":9})", true, "null"},
                    Split{R"({"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}})",
                          true, R"({"reasoning_tokens":4,"text_tokens":5})"},
                    Split{R"({"output_tokens":3,"output_tokens_details":{"thinking_tokens":4}})",
                          true, R"({"reasoning_tokens":3,"text_tokens":0})"},
                    Split{R"({"output_tokens":9,"output_tokens_details":{"thinking_tokens":0}})",
                          true, R"({"reasoning_tokens":0,"text_tokens":9})"}));

}  // namespace
}  // namespace patchbay::anthropic
