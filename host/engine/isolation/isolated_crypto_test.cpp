// The host's cryptography in a process of its own: its first use comes under the system call
// filter.
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "contract/crypto/crypto.hpp"
#include "contract/crypto/crypto_test_support.hpp"
#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using test::FixtureProvider;
using test::KeyPtr;
using test::pem_of;

class IsolatedCryptoTest : public test::ExchangeTest {
  protected:
    /// What the plugin made of the request with `key`, in a process that did nothing before.
    std::string made(std::string_view what, std::string_view key) {
        const FixtureProvider fixture("signs", true);
        ExchangeRequest r = request("", what, false);
        r.api_key = key;
        sink.lines.clear();
        const auto error = run(fixture, r);
        EXPECT_FALSE(error) << error->message;
        return sink.lines.empty() ? "" : sink.lines[0];
    }
};

TEST_F(IsolatedCryptoTest, every_function_works_at_its_first_use) {
    const KeyPtr rsa(EVP_RSA_gen(2048), EVP_PKEY_free);
    const KeyPtr p256(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::string rsa_pem = pem_of(rsa.get());
    const std::string body(request("").body);

    std::uint8_t digest[32];
    EXPECT_EQ(made("sha256", ""), "result \"" + sha256_hex(body) + "\"");
    crypto_service().hmac_sha256(test::str("key"), test::str(body), digest);
    EXPECT_EQ(made("hmac", "key"), "result \"" + test::hex(digest, 32) + "\"");

    std::uint8_t signature[256];
    std::size_t size = sizeof signature;
    ASSERT_EQ(crypto_service().sign(test::str("RS256"), test::str(rsa_pem), test::str(body),
                                    signature, &size),
              BAY_OK);
    EXPECT_EQ(made("RS256", rsa_pem), "result \"" + test::hex(signature, size) + "\"");
    // Another one each time: 64 bytes.
    EXPECT_EQ(made("ES256", pem_of(p256.get())).size(), 128 + std::string("result \"\"").size());
    EXPECT_NE(made("random", ""), made("random", ""));
}

}  // namespace
}  // namespace patchbay
