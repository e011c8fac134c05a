#include "token.hpp"

#include <gtest/gtest.h>

#include "access.hpp"

namespace patchbay::shared {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

TEST(Token, IsGivenUpBeforeItEnds) {
    constexpr std::pair<const char*, std::uint32_t> kLives[] = {
        {R"({"access_token":"t","expires_in":3600})", 3'540'000},
        {R"({"access_token":"t","expires_in":60})", 30'000},
        {R"({"access_token":"t","expires_in":999999999})", 86'340'000},
        {R"({"access_token":"t","expires_in":"3600","expires_on":"1"})", 3'540'000},
        {R"({"access_token":"t","expires_on":"1800003600"})", 3'540'000},
        {R"({"access_token":"t","expires_on":1800003600})", 3'540'000},
    };
    for (const auto& [answer, ttl] : kLives) {
        const auto token = read_token(answer, kNow);
        ASSERT_TRUE(token) << answer;
        EXPECT_EQ(token->value, "t") << answer;
        EXPECT_EQ(token->ttl_ms, ttl) << answer;
    }
}

TEST(Token, OneThatHasEndedIsNotKept) {
    EXPECT_EQ(kept_ms(3600), 3'540'000u);
    EXPECT_EQ(kept_ms(0), 0u);
    EXPECT_EQ(kept_ms(-5), 0u);
}

TEST(Token, IsNoneWithoutATimeOrAValue) {
    for (const auto* wrong :
         {"", "{}", "[]", R"({"access_token":"t"})", R"({"expires_in":60})",
          R"({"access_token":"t","expires_in":"soon"})", R"({"access_token":"t","expires_in":-1})",
          R"({"access_token":"t","expires_on":"1700000000"})"}) {
        const auto token = read_token(wrong, kNow);
        ASSERT_FALSE(token) << wrong;
        EXPECT_EQ(token.error().cls, std::uint32_t{BAY_ERR_AUTH});
    }
}

TEST(Token, ARefusalTellsItsCodesAlone) {
    constexpr std::pair<const char*, const char*> kRefusals[] = {
        {R"({"error":"invalid_client","error_description":"AADSTS7000215: secret","error_codes":[7000215]})",
         "invalid_client, AADSTS7000215"},
        {R"({"error":"invalid_grant"})", "invalid_grant"},
        {R"({"error":"the-secret","error_codes":["the-secret"]})", ""},
        {"the-secret", ""},
    };
    for (const auto& [body, codes] : kRefusals) EXPECT_EQ(refusal_codes(body), codes) << body;
}

TEST(Access, IsNoneKnownOrAskedFor) {
    EXPECT_FALSE(Access().exists());
    const auto known = Access::by_header("api-key", "k");
    EXPECT_TRUE(known.exists() && known.ready());
    EXPECT_EQ(known.header(), "api-key");
    EXPECT_EQ(known.value(), "k");
    auto asked = Access::by_token("token:1");
    EXPECT_TRUE(asked.exists());
    EXPECT_FALSE(asked.ready());
    bay_ev_shared shared{};
    shared.value = bay::str("t");
    asked.take(shared);
    EXPECT_TRUE(asked.ready());
    EXPECT_EQ(asked.header(), "authorization");
    EXPECT_EQ(asked.value(), "Bearer t");
}

}  // namespace
}  // namespace patchbay::shared
