#include "session.hpp"

#include <gtest/gtest.h>

namespace patchbay::aws {
namespace {

TEST(Session, InstantsAreReadAsAwsWritesThem) {
    EXPECT_EQ(parse_instant("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(parse_instant("2015-08-30T12:36:00Z"), 1'440'938'160'000);
    EXPECT_EQ(parse_instant("2024-02-29T00:00:00.000Z"), 1'709'164'800'000);
    for (const char* text :
         {"", "2024-02-30T00:00:00Z", "2024-02-29 00:00:00Z", "2024-02-29T24:00:00Z",
          "2024-02-29T00:00:00", "2024-02-29T00:00:00+01:00", "2024-02--1T00:00:00Z", "tomorrow"}) {
        EXPECT_FALSE(parse_instant(text)) << text;
    }
}

TEST(Session, IsGivenUpAMinuteBeforeItsEnd) {
    const struct {
        std::int64_t lasts_ms;
        std::uint32_t ttl_ms;
    } cases[] = {{3'600'000, 3'540'000}, {120'000, 60'000}, {60'000, 30'000}, {0, 0}, {-1000, 0}};
    for (const auto& [lasts, ttl] : cases) EXPECT_EQ(ttl_ms(1000 + lasts, 1000), ttl) << lasts;
    EXPECT_EQ(ttl_ms(1LL << 60, 0), 24u * 3'600'000 - 60'000);
}

TEST(Session, ComesBackAsItWasShared) {
    const Session session{"AKID", "se\"cret", "tok\\en"};
    const auto back = session_of(shared_value(session));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->access_key_id, session.access_key_id);
    EXPECT_EQ(back->secret_access_key, session.secret_access_key);
    EXPECT_EQ(back->session_token, session.session_token);
    for (const char* other : {"", "{}", "[]", R"({"id":"a"})"})
        EXPECT_FALSE(session_of(other)) << other;
}

TEST(Session, IsReadFromACredentialEndpoint) {
    const auto read = read_credentials(
        R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":"2026-01-01T01:00:00Z"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->session.session_token, "t");
    EXPECT_EQ(read->ends_ms, 1'767'229'200'000);
    for (const char* other :
         {"", "[]", R"({"AccessKeyId":"canary"})",
          R"({"AccessKeyId":"canary","SecretAccessKey":"s","Expiration":"soon"})"}) {
        const auto failed = read_credentials(other);
        ASSERT_FALSE(failed) << other;
        EXPECT_EQ(failed.error().cls, BAY_ERR_AUTH);
        EXPECT_EQ(failed.error().message.find("canary"), std::string::npos);
    }
}

}  // namespace
}  // namespace patchbay::aws
