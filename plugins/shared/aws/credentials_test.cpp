#include "credentials.hpp"

#include <gtest/gtest.h>

#include "contract/crypto/crypto.hpp"

namespace patchbay::aws {
namespace {

const bay::Crypto crypto(crypto_service());

Result<Credentials> credentials(std::string_view params, std::string_view config = "{}") {
    const auto given = parse_json(params);
    const auto defaults = Defaults::of(parse_json(config)->as_object());
    return Credentials::of(Settings::of(given->as_object(), defaults));
}

constexpr std::string_view kKeys = R"("aws_access_key_id":"A","aws_secret_access_key":"S")";

std::string object(std::string_view members) {
    return "{" + std::string(members) + "}";
}

TEST(Credentials, TheMostParticularSourceCounts) {
    using Source = Credentials::Source;
    const struct {
        std::string params;
        std::string config;
        Source source;
        bool by_machine;
    } cases[] = {
        {"{}", "{}", Source::machine, true},
        {object(kKeys), "{}", Source::keys, false},
        {"{}", R"({"access_key_id":"A","secret_access_key":"S"})", Source::keys, false},
        {R"({"aws_role_name":"r"})", "{}", Source::role, true},
        {R"({"aws_role_name":"r"})", R"({"access_key_id":"A","secret_access_key":"S"})",
         Source::role, false},
        {object(std::string(kKeys) + R"(,"aws_role_name":"r")"), "{}", Source::role, false},
        {R"({"aws_role_name":"r","aws_web_identity_token":"t"})", "{}", Source::web_identity,
         false},
        {"{}", R"({"role_arn":"r","web_identity_token":"t"})", Source::web_identity, false},
        {object(kKeys), R"({"role_arn":"r","web_identity_token":"t"})", Source::keys, false},
    };
    for (const auto& [params, config, source, by_machine] : cases) {
        const auto made = credentials(params, config);
        ASSERT_TRUE(made) << params;
        EXPECT_EQ(made->source(), source) << params << config;
        EXPECT_EQ(made->by_machine(), by_machine) << params << config;
    }
}

TEST(Credentials, WhatIsOfNoUseIsRefused) {
    for (const char* params :
         {R"({"aws_access_key_id":"A"})", R"({"aws_secret_access_key":"canary"})",
          R"({"aws_web_identity_token":"canary"})", R"({"aws_profile_name":"p"})",
          R"({"aws_role_name":"r","aws_web_identity_token":"oidc/google/x"})",
          R"({"aws_region_name":"evil.example/?"})"}) {
        const auto made = credentials(params);
        ASSERT_FALSE(made) << params;
        EXPECT_EQ(made.error().cls, BAY_ERR_AUTH);
        EXPECT_EQ(made.error().message.find("canary"), std::string::npos);
    }
}

TEST(Credentials, WhatAFileDoesNotHoldIsNotTakenFromElsewhere) {
    for (
        const char* config :
        {R"({"profile":"p"})", R"({"role_arn":"r","web_identity_token_file":" \n"})",
         R"({"profile":"p","credentials_file":"[q]\naws_access_key_id=A\naws_secret_access_key=S"})"}) {
        EXPECT_FALSE(credentials("{}", config)) << config;
        EXPECT_TRUE(credentials(object(kKeys), config)) << config;
    }
}

TEST(Credentials, ATokenMayStandInAFile) {
    constexpr const char* kConfig = R"({"role_arn":"r","web_identity_token_file":"t\n"})";
    for (const char* params : {"{}", R"({"aws_role_name":"r"})"}) {
        const auto made = credentials(params, kConfig);
        ASSERT_TRUE(made) << params;
        EXPECT_EQ(made->source(), Credentials::Source::web_identity);
        EXPECT_EQ(made->role().web_identity_token, "t");
    }
    EXPECT_EQ(credentials(R"({"aws_role_name":"other"})", kConfig)->source(),
              Credentials::Source::role);
    EXPECT_EQ(
        credentials(
            "{}",
            R"({"role_arn":"r","web_identity_token_file":"t","access_key_id":"A","secret_access_key":"S"})")
            ->source(),
        Credentials::Source::role);
    EXPECT_NE(credentials("{}", kConfig)->key(crypto),
              credentials("{}", R"({"role_arn":"r","web_identity_token_file":"u"})")->key(crypto));
}

TEST(Credentials, AProfileGivesKeysOrARole) {
    constexpr const char* kConfig =
        R"({"credentials_file":"[default]\naws_access_key_id=D\naws_secret_access_key=S\n[p]\naws_access_key_id=P\naws_secret_access_key=S\n",)"
        R"("config_file":"[profile r]\nrole_arn=x\nsource_profile=p\nregion=eu-west-3\n"})";
    EXPECT_EQ(credentials("{}", kConfig)->keys().access_key_id, "D");
    EXPECT_EQ(credentials(R"({"aws_profile_name":"p"})", kConfig)->keys().access_key_id, "P");
    EXPECT_EQ(credentials(object(std::string(kKeys) + R"(,"aws_profile_name":"p")"), kConfig)
                  ->keys()
                  .access_key_id,
              "P");
    EXPECT_EQ(credentials(object(kKeys), kConfig)->keys().access_key_id, "A");
    const auto role = credentials(R"({"aws_profile_name":"r"})", kConfig);
    ASSERT_TRUE(role);
    EXPECT_EQ(role->source(), Credentials::Source::role);
    EXPECT_EQ(role->role().arn, "x");
    EXPECT_EQ(role->keys().access_key_id, "P");
    EXPECT_EQ(role->sts_region(), "eu-west-3");
    EXPECT_FALSE(credentials(R"({"aws_profile_name":"q"})", kConfig));
}

TEST(Credentials, KeysOfADeploymentAreNotMixedWithTheComponents) {
    const auto made =
        credentials(object(kKeys), R"({"session_token":"other","access_key_id":"B"})");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->keys().session_token, "");
    EXPECT_EQ(made->keys().access_key_id, "A");
}

TEST(Credentials, WhatAnythingDependsOnMakesAnotherSharedValue) {
    const std::string base = R"("aws_role_name":"r")";
    std::vector<std::string> keys;
    for (const char* more :
         {"", R"(,"aws_session_name":"n")", R"(,"aws_external_id":"e")",
          R"(,"aws_region_name":"eu-west-1")", R"(,"aws_sts_endpoint":"https://sts.example")",
          R"(,"aws_web_identity_token":"t")",
          R"(,"aws_access_key_id":"A","aws_secret_access_key":"S")"}) {
        keys.push_back(credentials(object(base + more))->key(crypto));
    }
    EXPECT_EQ(keys.front(), credentials(object(base))->key(crypto));
    std::sort(keys.begin(), keys.end());
    EXPECT_EQ(std::adjacent_find(keys.begin(), keys.end()), keys.end());
}

TEST(Credentials, StsIsAskedInTheRegion) {
    EXPECT_EQ(credentials(R"({"aws_role_name":"r"})")->sts_url(),
              "https://sts.us-west-2.amazonaws.com/");
    EXPECT_EQ(credentials(R"({"aws_role_name":"r","aws_region_name":"cn-north-1"})")->sts_url(),
              "https://sts.cn-north-1.amazonaws.com.cn/");
    EXPECT_EQ(
        credentials(R"({"aws_role_name":"r","aws_sts_endpoint":"https://s.example"})")->sts_url(),
        "https://s.example/");
}

}  // namespace
}  // namespace patchbay::aws
