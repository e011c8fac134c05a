// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gtest/gtest.h>

#include "json.hpp"
#include "media.hpp"
#include "model.hpp"

namespace patchbay::anthropic {
namespace {

TEST(Model, NamesTellVersions) {
    EXPECT_FALSE(traits_of("claude-2.1").thinking);
    EXPECT_FALSE(traits_of("claude-instant-1.2").thinking);
    EXPECT_FALSE(traits_of("claude-3-opus-20240229").thinking);
    EXPECT_FALSE(traits_of("claude-3-5-haiku-latest").thinking);
    EXPECT_TRUE(traits_of("claude-3-7-sonnet-20250219").thinking);
    EXPECT_TRUE(traits_of("claude-sonnet-4-20250514").thinking);
    EXPECT_FALSE(traits_of("claude-sonnet-4-20250514").adaptive);
    EXPECT_FALSE(traits_of("claude-opus-4-5-20251101").adaptive);
    EXPECT_TRUE(traits_of("claude-opus-4-6").adaptive);
    EXPECT_TRUE(traits_of("anthropic/claude-sonnet-5").adaptive);
    EXPECT_TRUE(traits_of("some-model").thinking);
    EXPECT_FALSE(traits_of("some-model").adaptive);
    EXPECT_FALSE(traits_of("claude-").adaptive);
}

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

TEST(JsonText, NumbersAreWrittenAsPeopleDo) {
    EXPECT_EQ(to_text(json::parse(R"({"a":[0.7,1.0,19.99,-2,"x",{}],"b":[],"c":null})")),
              R"({"a":[0.7,1.0,19.99,-2,"x",{}],"b":[],"c":null})");
    EXPECT_EQ(to_text(json::value(std::numeric_limits<double>::infinity())), "null");
}

TEST(JsonText, DepthIsBounded) {
    EXPECT_TRUE(parse_json(std::string(200, '[') + std::string(200, ']')));
    EXPECT_FALSE(parse_json(std::string(100000, '[')));
}

}  // namespace
}  // namespace patchbay::anthropic
