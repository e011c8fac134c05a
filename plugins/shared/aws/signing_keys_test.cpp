#include "signing_keys.hpp"

#include <gtest/gtest.h>

#include "contract/crypto/crypto.hpp"

namespace patchbay::aws {
namespace {

const bay::Crypto signing_crypto(crypto_service());
constexpr std::int64_t kNoon = 1'440'938'160'000;  // 2015-08-30T12:36:00Z, of AWS's own examples
constexpr std::int64_t kDay = 86'400'000;

TEST(SigningKeys, AKeyIsThatOfItsSecretPlaceAndDay) {
    SigningKeys keys;
    const struct {
        std::string_view secret;
        bay::AwsScope scope;
        std::int64_t time;
    } rows[] = {
        {"one", {"us-east-1", "bedrock"}, kNoon},        {"two", {"us-east-1", "bedrock"}, kNoon},
        {"one", {"eu-west-1", "bedrock"}, kNoon},        {"one", {"us-east-1", "sts"}, kNoon},
        {"one", {"us-east-1", "bedrock"}, kNoon + kDay},
    };
    for (const auto& row : rows) {
        for (int again = 0; again < 2; ++again) {
            EXPECT_EQ(keys.get(signing_crypto, row.secret, row.scope, row.time),
                      bay::sigv4_key(signing_crypto, row.secret, row.scope, row.time));
        }
    }
}

TEST(SigningKeys, YesterdaysAreForgotten) {
    SigningKeys keys;
    for (const char* secret : {"one", "two", "one"}) {
        keys.get(signing_crypto, secret, {"us-east-1", "bedrock"}, kNoon);
    }
    EXPECT_EQ(keys.size(), 2);
    keys.get(signing_crypto, "one", {"us-east-1", "bedrock"}, kNoon + kDay);
    EXPECT_EQ(keys.size(), 1);
}

TEST(SigningKeys, AreBounded) {
    SigningKeys keys;
    for (std::size_t i = 0; i < 3 * SigningKeys::kMost; ++i) {
        keys.get(signing_crypto, std::to_string(i), {"us-east-1", "bedrock"}, kNoon);
        ASSERT_LE(keys.size(), SigningKeys::kMost);
    }
}

}  // namespace
}  // namespace patchbay::aws
