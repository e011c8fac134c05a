#include "credentials.hpp"

#include <gtest/gtest.h>

namespace patchbay::entra {
namespace {

namespace json = boost::json;

/// Puts all bytes of a text into a digest, each in a place of its own, so that what differs shows.
void fold(bay_str bytes, std::uint8_t* digest) noexcept {
    for (int i = 0; i < 32; ++i) digest[i] = 0;
    std::uint32_t hash = 2166136261u;
    for (std::uint64_t i = 0; i < bytes.len; ++i) {
        hash = (hash ^ static_cast<unsigned char>(bytes.ptr[i])) * 16777619u;
        for (int k = 0; k < 4; ++k)
            digest[(i * 4 + k) % 32] ^= static_cast<std::uint8_t>(hash >> (8 * k));
    }
}

std::optional<Credentials> of(const char* params, const Settings& settings = {}) {
    return Credentials::of(json::parse(params).as_object(), settings);
}

TEST(Credentials, AreCompleteOrNone) {
    const struct {
        const char* params;
        bool complete;
    } cases[] = {
        {"{}", false},
        {R"({"tenant_id":"t","client_id":"c"})", false},
        {R"({"client_id":"c","client_secret":"s"})", false},
        {R"({"tenant_id":"t","client_secret":"s"})", false},
        {R"({"tenant_id":"t","client_id":"c","client_secret":""})", false},
        {R"({"tenant_id":"t","client_id":"c","client_secret":"s"})", true},
        {R"({"azure_username":"u","azure_password":"p"})", false},
        {R"({"client_id":"c","azure_username":"u","azure_password":"p"})", true},
        {R"({"azure_credential":"ManagedIdentityCredential"})", true},
        {R"({"azure_credential":"CertificateCredential","client_id":"c"})", false},
    };
    for (const auto& one : cases) EXPECT_EQ(of(one.params).has_value(), one.complete) << one.params;
}

TEST(Credentials, SettingsStandInForWhatADeploymentDoesNotSay) {
    Settings settings;
    settings.tenant_id = "t";
    settings.client_id = "c";
    EXPECT_FALSE(of("{}", settings));
    EXPECT_TRUE(of(R"({"client_secret":"s"})", settings));
    settings.client_secret = "s";
    EXPECT_TRUE(of("{}", settings));
}

TEST(Credentials, WithoutASecretThePlatformsTokenVouches) {
    const auto settings = read_settings(
        json::parse(R"({"tenant_id":"t","client_id":"c","federated_token_file":"a.b=c\n"})")
            .as_object());
    EXPECT_EQ(settings.federated_token, "a.b=c");
    const auto made = of("{}", settings);
    ASSERT_TRUE(made);
    EXPECT_FALSE(of(
        "{}",
        read_settings(json::parse(R"({"tenant_id":"t","client_id":"c","federated_token_file":""})")
                          .as_object())));
    EXPECT_FALSE(of(
        "{}",
        read_settings(json::parse(R"({"client_id":"c","federated_token_file":"x"})").as_object())));
}

TEST(Credentials, TokensOfDifferentOnesHaveDifferentNames) {
    bay_crypto service{};
    service.size = sizeof service;
    service.sha256 = fold;
    const bay::Crypto crypto(service);
    constexpr const char* kAll[] = {
        R"({"tenant_id":"t","client_id":"c","client_secret":"s"})",
        R"({"tenant_id":"tc","client_id":"s","client_secret":"s"})",
        R"({"tenant_id":"t","client_id":"c","client_secret":"s2"})",
        R"({"tenant_id":"t2","client_id":"c","client_secret":"s"})",
        R"({"tenant_id":"t","client_id":"c2","client_secret":"s"})",
        R"({"tenant_id":"t","client_id":"c","client_secret":"s","azure_scope":"x"})",
        R"({"tenant_id":"t","client_id":"c","client_secret":"s","azure_username":"u","azure_password":"p"})",
        R"({"azure_credential":"ManagedIdentityCredential"})",
        R"({"azure_credential":"ManagedIdentityCredential","client_id":"c"})",
    };
    std::vector<std::string> keys;
    for (const char* params : kAll) {
        keys.push_back(of(params)->key(crypto));
        EXPECT_EQ(of(params)->key(crypto), keys.back()) << "the same credentials share a token";
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) EXPECT_NE(keys[i], keys[k]) << kAll[i] << kAll[k];
    }
}

}  // namespace
}  // namespace patchbay::entra
