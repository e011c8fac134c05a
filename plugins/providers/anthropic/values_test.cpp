// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "json.hpp"
#include "media.hpp"
#include "model.hpp"

namespace patchbay::anthropic {
namespace {

struct Named {
    const char* model;
    ThinkingModes thinking;
    Sampling sampling;
    Effort effort;
    bool xhigh;
    bool prefill;
};

class ModelNames : public testing::TestWithParam<Named> {};

TEST_P(ModelNames, TellWhatTheModelTakes) {
    const auto traits = traits_of(GetParam().model);
    EXPECT_EQ(traits.thinking, GetParam().thinking);
    EXPECT_EQ(traits.sampling, GetParam().sampling);
    EXPECT_EQ(traits.effort, GetParam().effort);
    EXPECT_EQ(traits.xhigh, GetParam().xhigh);
    EXPECT_EQ(traits.prefill, GetParam().prefill);
}

constexpr auto kNoThinking = ThinkingModes::none;
constexpr auto kBudget = ThinkingModes::budget;
constexpr auto kAdaptive = ThinkingModes::adaptive;

INSTANTIATE_TEST_SUITE_P(
    All, ModelNames,
    testing::Values(
        Named{"claude-2.1", kNoThinking, Sampling::free, Effort::none, false, true},
        Named{"claude-instant-1.2", kNoThinking, Sampling::free, Effort::none, false, true},
        Named{"claude-3-opus-20240229", kNoThinking, Sampling::free, Effort::none, false, true},
        Named{"claude-3-5-haiku-latest", kNoThinking, Sampling::free, Effort::none, false, true},
        Named{"claude-3-7-sonnet-20250219", kBudget, Sampling::free, Effort::none, false, true},
        Named{"claude-sonnet-4-20250514", kBudget, Sampling::free, Effort::none, false, true},
        Named{"claude-opus-4-20250514", kBudget, Sampling::free, Effort::none, false, true},
        Named{"claude-opus-4-1-20250805", kBudget, Sampling::one_of, Effort::none, false, true},
        Named{"claude-sonnet-4-5", kBudget, Sampling::one_of, Effort::none, false, true},
        Named{"claude-haiku-4-5-20251001", kBudget, Sampling::one_of, Effort::none, false, true},
        Named{"claude-opus-4-5-20251101", kBudget, Sampling::one_of, Effort::high, false, true},
        Named{"claude-opus-4-6", ThinkingModes::both, Sampling::one_of, Effort::max, false, false},
        Named{"claude-sonnet-4-6", ThinkingModes::both, Sampling::one_of, Effort::max, false,
              false},
        Named{"claude-opus-4-7", kAdaptive, Sampling::fixed, Effort::max, true, false},
        Named{"us.anthropic.claude-opus-4-7-20260416-v1:0", kAdaptive, Sampling::fixed, Effort::max,
              true, false},
        Named{"anthropic/claude-sonnet-5", kAdaptive, Sampling::fixed, Effort::max, true, false},
        Named{"claude-mythos-preview", kAdaptive, Sampling::fixed, Effort::max, true, false},
        Named{"some-model", kBudget, Sampling::free, Effort::none, false, true},
        Named{"claude-", kBudget, Sampling::free, Effort::none, false, true}));

TEST(Base64, DecodesAndRefuses) {
    EXPECT_EQ(decode_base64(""), "");
    EXPECT_EQ(decode_base64("aGk="), "hi");
    EXPECT_EQ(decode_base64("aGk"), "hi");
    EXPECT_EQ(decode_base64("YWJj"), "abc");
    EXPECT_EQ(decode_base64("/+8="), "\xff\xef");
    EXPECT_EQ(decode_base64("a"), std::nullopt);
    EXPECT_EQ(decode_base64("a b="), std::nullopt);
    EXPECT_EQ(decode_base64("===="), std::nullopt);
}

TEST(DataUrl, IsTakenApart) {
    const auto url = parse_data_url("data:text/plain;charset=utf-8;base64,aGk=");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->media_type, "text/plain");
    EXPECT_EQ(url->base64, "aGk=");
    EXPECT_FALSE(parse_data_url("data:text/plain,hi"));
    EXPECT_FALSE(parse_data_url("data:"));
    EXPECT_FALSE(parse_data_url("https://x"));
}

TEST(JsonText, ComesBackAsItWasRead) {
    for (const char* text : {R"({"a":[0.7,1.0,19.99,-2,"x",{}],"b":[],"c":null})", "1e3",
                             "12345678901234567890123", R"("\ud83d")", R"({"\udc00":-0})"}) {
        const auto value = parse_json(text);
        ASSERT_TRUE(value) << text;
        EXPECT_EQ(to_text(*value), text);
    }
    EXPECT_EQ(to_text(json::value(std::numeric_limits<double>::infinity())), "null");
}

TEST(JsonText, DepthIsBounded) {
    EXPECT_TRUE(parse_json(std::string(200, '[') + std::string(200, ']')));
    EXPECT_FALSE(parse_json(std::string(100000, '[')));
}

TEST(JsonText, ALongNumberIsNoObject) {
    const auto value = parse_json(R"({"a":1e999,"b":{}})");
    ASSERT_TRUE(value);
    EXPECT_EQ(find_object(value->get_object(), "a"), nullptr);
    EXPECT_NE(find_object(value->get_object(), "b"), nullptr);
    EXPECT_TRUE(is_number(value->at("a")));
    EXPECT_EQ(count(value->get_object(), "a"), 0u);
}

}  // namespace
}  // namespace patchbay::anthropic
