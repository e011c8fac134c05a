#include "allowed_tools.hpp"

#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

constexpr std::string_view kTools =
    R"([{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}])";

TEST(AllowedTools, OnlyTheyAreLeft) {
    const auto allowed = allowed_tools(
        R"({"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[
            {"type":"function","function":{"name":"g"}},{"type":"web_search"}]}})");
    ASSERT_TRUE(allowed);
    EXPECT_EQ(allowed->mode, R"("required")");
    EXPECT_EQ(only_allowed(*allowed, kTools), R"([{"type":"function","function":{"name":"g"}}])");
}

TEST(AllowedTools, InTheFormOfTheResponsesApi) {
    const auto allowed = allowed_tools(
        R"({"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"}]})");
    ASSERT_TRUE(allowed);
    EXPECT_EQ(allowed->mode, R"("auto")");
    EXPECT_EQ(only_allowed(*allowed, kTools), R"([{"type":"function","function":{"name":"f"}}])");
}

TEST(AllowedTools, WhatCannotBeReadStays) {
    for (const char* choice :
         {R"("auto")", R"({"type":"function","function":{"name":"allowed_tools"}})",
          R"({"type":"allowed_tools"})", R"({"type":"allowed_tools","tools":[]})"}) {
        EXPECT_FALSE(allowed_tools(choice)) << choice;
    }
    const AllowedTools other{R"("auto")", {"h"}};
    EXPECT_EQ(only_allowed(other, kTools), kTools);
    EXPECT_EQ(only_allowed(other, "7"), "7");
}

}  // namespace
}  // namespace patchbay::openai
