#include "count_tokens.hpp"

#include <array>

#include <gtest/gtest.h>

namespace patchbay::shared {

namespace {

TEST(CountOf, IsTheNumberThatTheProviderTold) {
    EXPECT_EQ(count_of(R"({"totalTokens":31,"promptTokensDetails":[]})", "totalTokens"),
              R"({"input_tokens":31})");
    for (const char* answer :
         {"", "7", "{}", R"({"totalTokens":"31"})", R"({"totalTokens":null})"}) {
        EXPECT_FALSE(count_of(answer, "totalTokens")) << answer;
    }
}

TEST(WithMembers, KeepsThoseAlone) {
    constexpr std::array<std::string_view, 2> kNames{"model", "messages"};
    EXPECT_EQ(with_members(R"({"max_tokens":7,"messages":[{"a":1.5}],"model":"m"})", kNames),
              R"({"messages":[{"a":1.5}],"model":"m"})");
    EXPECT_EQ(with_members("[]", kNames), "");
}

}  // namespace

}  // namespace patchbay::shared
