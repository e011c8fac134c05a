// Tokens signed by the host's own cryptography and verified with the public half of the key.
#include "patchbay/sdk/jwt.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "contract/crypto/crypto.hpp"
#include "contract/crypto/crypto_test_support.hpp"

namespace {

using patchbay::test::KeyPtr;

// As RFC 7515 section 2 has it; what stands behind the padding that OpenSSL wants is cut off.
std::string decoded(std::string text) {
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    const std::size_t padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string bytes(text.size() / 4 * 3, '\0');
    EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                    reinterpret_cast<const unsigned char*>(text.data()),
                    static_cast<int>(text.size()));
    bytes.resize(bytes.size() - padding);
    return bytes;
}

TEST(Jwt, IsVerifiedByThePublicKey) {
    const bay::Crypto crypto(patchbay::crypto_service());
    const KeyPtr key(EVP_RSA_gen(2048), EVP_PKEY_free);
    std::string token;
    ASSERT_EQ(bay::jwt(crypto, "RS256", patchbay::test::pem_of(key.get()), "k1", "{\"iss\":\"me\"}",
                       token),
              BAY_OK);
    const auto dot = token.find('.');
    const auto end = token.rfind('.');
    EXPECT_EQ(decoded(token.substr(0, dot)), "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}");
    EXPECT_EQ(decoded(token.substr(dot + 1, end - dot - 1)), "{\"iss\":\"me\"}");
    const std::string signature = decoded(token.substr(end + 1));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    ASSERT_EQ(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()), 1);
    EXPECT_EQ(EVP_DigestVerify(
                  context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                  signature.size(), reinterpret_cast<const unsigned char*>(token.data()), end),
              1);
}

TEST(Jwt, HasTheTwoHalvesOfAnEllipticSignature) {
    const bay::Crypto crypto(patchbay::crypto_service());
    const KeyPtr key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    std::string token;
    ASSERT_EQ(bay::jwt(crypto, "ES256", patchbay::test::pem_of(key.get()), "", "{}", token),
              BAY_OK);
    EXPECT_EQ(decoded(token.substr(0, token.find('.'))), "{\"alg\":\"ES256\",\"typ\":\"JWT\"}");
    EXPECT_EQ(decoded(token.substr(token.rfind('.') + 1)).size(), 64u);
}

TEST(Jwt, LeavesTheTokenAloneWhenItCannotSign) {
    const bay::Crypto crypto(patchbay::crypto_service());
    std::string token = "old";
    EXPECT_EQ(bay::jwt(crypto, "RS256", "no key", "", "{}", token), BAY_E_INVALID);
    EXPECT_EQ(bay::jwt(crypto, "HS256", "no key", "", "{}", token), BAY_E_UNSUPPORTED);
    EXPECT_EQ(token, "old");
}

}  // namespace
