#include "contract/crypto/crypto.hpp"

#include <memory>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "contract/crypto/crypto_test_support.hpp"
#include "contract/test_files.hpp"

namespace patchbay {
namespace {

using test::hex;
using test::KeyPtr;
using test::pem_of;
using test::str;

std::string hmac(std::string_view key, std::string_view data) {
    std::uint8_t out[32];
    crypto_service().hmac_sha256(str(key), str(data), out);
    return hex(out, sizeof out);
}

bool verifies(EVP_PKEY* key, const std::string& signature, std::string_view data) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(data.data()),
                            data.size()) == 1;
}

/// Signs into a buffer of `capacity` bytes; `signature` is what came out, or the size that was
/// asked for.
bay_status sign(std::string_view alg, std::string_view pem, std::string_view data,
                std::string& signature, std::size_t capacity = 1024) {
    signature.assign(capacity, '\0');
    std::size_t size = capacity;
    const auto status = crypto_service().sign(
        str(alg), str(pem), str(data), reinterpret_cast<std::uint8_t*>(signature.data()), &size);
    signature.resize(size);
    return status;
}

// FIPS 180-4 examples.
TEST(Crypto, sha256_of_known_texts) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    std::uint8_t out[32];
    crypto_service().sha256({nullptr, 0}, out);
    EXPECT_EQ(hex(out, 32), sha256_hex(""));
}

TEST(Crypto, segments_are_hashed_as_they_are_sent) {
    // More than a slice of base64, and not a multiple of three.
    const std::string blob(50'000, 'x');
    std::string base64(4 * 16'667, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                    reinterpret_cast<const unsigned char*>(blob.data()), 50'000);
    const auto range = [&](const bay_seg& seg) -> std::optional<std::string_view> {
        if (seg.blob != 0) return std::nullopt;
        return std::string_view(blob).substr(seg.off, seg.len);
    };
    const auto digest = [&](std::vector<bay_seg> segments, bay_status expected = BAY_OK) {
        std::uint8_t out[32] = {};
        EXPECT_EQ(sha256_segments(segments.data(), segments.size(), range, out), expected);
        return hex(out, 32);
    };
    EXPECT_EQ(digest({}), sha256_hex(""));
    EXPECT_EQ(digest({{BAY_SEG_BYTES, 0, str("ab"), 0, 0}, {BAY_SEG_BYTES, 0, str("c"), 0, 0}}),
              sha256_hex("abc"));
    EXPECT_EQ(digest({{BAY_SEG_BYTES, 0, str("a"), 0, 0}, {BAY_SEG_BLOB, 0, {}, 1, 3}}),
              sha256_hex("axxx"));
    EXPECT_EQ(digest({{BAY_SEG_BLOB_BASE64, 0, {}, 0, 50'000}}), sha256_hex(base64));
    digest({{BAY_SEG_BLOB, 1, {}, 0, 0}}, BAY_E_INVALID);
    digest({{9, 0, {}, 0, 0}}, BAY_E_UNSUPPORTED);
}

TEST(Crypto, a_digest_of_segments_needs_the_out_of_an_exchange) {
    std::uint8_t out[32];
    bay_out none{};
    none.get_extension = [](bay_out*, const char*) noexcept -> void* { return nullptr; };
    const bay_seg segment{BAY_SEG_BYTES, 0, str("a"), 0, 0};
    EXPECT_EQ(crypto_service().sha256_segments(nullptr, &segment, 1, out), BAY_E_INVALID);
    EXPECT_EQ(crypto_service().sha256_segments(&none, nullptr, 1, out), BAY_E_INVALID);
    EXPECT_EQ(crypto_service().sha256_segments(&none, &segment, 1, out), BAY_E_UNSUPPORTED);
}

// RFC 4231 test cases 1, 2, 6 (a key longer than a block).
TEST(Crypto, hmac_sha256_of_known_texts) {
    EXPECT_EQ(hmac(std::string(20, '\x0b'), "Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(hmac("Jefe", "what do ya want for nothing?"),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(
        hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    std::uint8_t out[32];
    crypto_service().hmac_sha256({nullptr, 0}, {nullptr, 0}, out);
    EXPECT_EQ(hex(out, 32), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Crypto, rs256_verifies_and_is_deterministic) {
    const KeyPtr key(EVP_RSA_gen(2048), EVP_PKEY_free);
    const auto pem = pem_of(key.get());
    std::string first;
    std::string second;
    ASSERT_EQ(sign("RS256", pem, "header.payload", first), BAY_OK);
    ASSERT_EQ(sign("RS256", pem, "header.payload", second), BAY_OK);
    EXPECT_EQ(first.size(), 256u);
    EXPECT_EQ(first, second);
    EXPECT_TRUE(verifies(key.get(), first, "header.payload"));
    EXPECT_FALSE(verifies(key.get(), first, "header.payloae"));
}

TEST(Crypto, es256_is_r_and_s) {
    const KeyPtr key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const auto pem = pem_of(key.get());
    // Often enough that an R or S with leading zero bytes is among them.
    for (int i = 0; i < 600; ++i) {
        std::string signature;
        ASSERT_EQ(sign("ES256", pem, "header.payload", signature), BAY_OK);
        ASSERT_EQ(signature.size(), 64u);
        const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(),
                                                                         ECDSA_SIG_free);
        ECDSA_SIG_set0(pair.get(), BN_bin2bn(bytes, 32, nullptr),
                       BN_bin2bn(bytes + 32, 32, nullptr));
        std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)), '\0');
        auto* at = reinterpret_cast<unsigned char*>(der.data());
        i2d_ECDSA_SIG(pair.get(), &at);
        ASSERT_TRUE(verifies(key.get(), der, "header.payload"));
    }
}

TEST(Crypto, sign_refuses_what_it_cannot_do) {
    const KeyPtr small(EVP_RSA_gen(1024), EVP_PKEY_free);
    const KeyPtr p256(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const KeyPtr p384(EVP_EC_gen("P-384"), EVP_PKEY_free);
    std::string signature;
    EXPECT_EQ(sign("HS256", pem_of(p256.get()), "x", signature), BAY_E_UNSUPPORTED);
    EXPECT_EQ(sign("RS256", pem_of(small.get()), "x", signature), BAY_E_INVALID);
    EXPECT_EQ(sign("RS256", pem_of(p256.get()), "x", signature), BAY_E_INVALID);
    EXPECT_EQ(sign("ES256", pem_of(p384.get()), "x", signature), BAY_E_INVALID);
    EXPECT_EQ(sign("ES256", pem_of(small.get()), "x", signature), BAY_E_INVALID);
    EXPECT_EQ(sign("ES256", "-----BEGIN PRIVATE KEY-----\nAAAA\n", "x", signature), BAY_E_INVALID);
    EXPECT_EQ(sign("ES256", "", "x", signature), BAY_E_INVALID);
    EXPECT_EQ(sign("ES256", pem_of(p256.get(), EVP_aes_128_cbc()), "x", signature), BAY_E_INVALID);
    EXPECT_EQ(ERR_peek_error(), 0u);
}

TEST(Crypto, sign_says_how_much_room_it_needs) {
    const KeyPtr key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    std::string signature;
    EXPECT_EQ(sign("ES256", pem_of(key.get()), "x", signature, 63), BAY_E_LIMIT);
    EXPECT_EQ(signature.size(), 64u);
}

}  // namespace
}  // namespace patchbay
