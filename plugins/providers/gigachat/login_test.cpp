// SPDX-License-Identifier: Apache-2.0
#include "login.hpp"

#include <gtest/gtest.h>

namespace patchbay::gigachat {
namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;

TEST(GigaChatLogin, ATokenLivesUntilAMinuteBeforeItEnds) {
    const auto token = read_token(R"({"access_token":"t","expires_at":1800001800000})", kNow);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->value, "t");
    EXPECT_EQ(token->ttl_ms, 1'740'000u);
    for (const char* none :
         {"", "[]", R"({"access_token":"t"})", R"({"access_token":"t","expires_at":1800000000000})",
          R"({"access_token":"","expires_at":1800001800000})"}) {
        const auto wrong = read_token(none, kNow);
        ASSERT_FALSE(wrong) << none;
        EXPECT_EQ(wrong.error().cls, std::uint32_t{BAY_ERR_AUTH});
    }
}

TEST(GigaChatLogin, TheVersionOfTheApiIsTheDeploymentsOrTheComponents) {
    const Settings settings{.scope = "GIGACHAT_API_CORP"};
    EXPECT_EQ(scope_of(R"({"scope":"GIGACHAT_API_B2B"})", settings), "GIGACHAT_API_B2B");
    EXPECT_EQ(scope_of("{}", settings), "GIGACHAT_API_CORP");
    EXPECT_EQ(scope_of("", Settings()), "GIGACHAT_API_PERS");
}

TEST(GigaChatLogin, AnotherAddressHasItsTokenServerBesideTheApi) {
    EXPECT_EQ(other_auth_url("http://h.test:8080/x/api/v1/"), "http://h.test:8080/x/api/v2/oauth");
    EXPECT_EQ(other_auth_url("http://h.test"), "http://h.test/api/v2/oauth");
    EXPECT_EQ(other_auth_url("https://gigachat.devices.sberbank.ru/api/v1"), "");
    EXPECT_EQ(other_auth_url(""), "");
}

TEST(GigaChatLogin, ATokenIsNoCredentials) {
    EXPECT_TRUE(is_token("eyJjdHkiOiJqd3QifQ.a.b"));
    EXPECT_FALSE(is_token("NjI4ZGFiNjMtMTIzNC00"));
    EXPECT_FALSE(is_token(""));
}

}  // namespace
}  // namespace patchbay::gigachat
