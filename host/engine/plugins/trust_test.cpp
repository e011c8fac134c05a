#include "engine/plugins/trust.hpp"

#include <memory>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "contract/crypto/crypto.hpp"
#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using test::TemporaryDirectory;
using testing::HasSubstr;
using testing::IsEmpty;

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

class SigningKey {
  public:
    SigningKey() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free) {}
    std::string pem() const {
        const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
        PEM_write_bio_PUBKEY(bio.get(), key_.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(bio.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }
    std::string raw() const {
        std::string bytes(32, '\0');
        std::size_t size = bytes.size();
        EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                    &size);
        return bytes;
    }
    std::string sign(std::string_view bytes) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                              EVP_MD_CTX_free);
        std::string signature(64, '\0');
        std::size_t size = signature.size();
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
        return signature;
    }

  private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

class TrustTest : public testing::Test {
  protected:
    TrustTest() {
        file.file = directory.write("good.so", "the bytes");
        file.bytes = "the bytes";
        file.sha256 = sha256_hex(file.bytes);
        file.manifest.id = "org.example.good";
    }
    std::string check() {
        problems.clear();
        const TrustPolicy policy(trust, problems);
        return policy.check(file);
    }
    void sign_with(const std::string& content) {
        const auto name = directory.write("good.so.sig", content);
        ::chmod(name.c_str(), 0644);
    }
    void use_key(const std::string& text) { trust.ed25519 = {{text, Place{"c.yaml", 7, 9}}}; }

    TemporaryDirectory directory;
    PluginFile file;
    PluginTrust trust;
    std::vector<Problem> problems;
    SigningKey key;
};

TEST_F(TrustTest, without_pins_and_keys_every_file_is_trusted) {
    EXPECT_EQ(check(), "");
}

TEST_F(TrustTest, a_pin_may_name_the_plugin_the_file_or_nothing) {
    trust.pinned = true;
    EXPECT_THAT(check(), HasSubstr("not pinned"));
    for (const char* name : {"", "org.example.good", "good.so"}) {
        trust.sha256 = {{name, {std::string(64, 'a'), file.sha256}}};
        EXPECT_EQ(check(), "") << name;
    }
    trust.sha256 = {{"org.example.other", {file.sha256}}};
    EXPECT_THAT(check(), HasSubstr("it is not pinned"));
    trust.sha256 = {{"good.so", {std::string(64, 'a')}}};
    EXPECT_THAT(check(), HasSubstr("is not the one pinned"));
    EXPECT_THAT(check(), HasSubstr(file.sha256));
}

TEST_F(TrustTest, a_signature_in_every_form_by_a_key_in_every_form) {
    const auto key_file = directory.write("key.pem", key.pem());
    const auto raw_file = directory.write("key.b64", base64(key.raw()) + "\n");
    ::chmod(key_file.c_str(), 0644);
    ::chmod(raw_file.c_str(), 0644);
    const std::string signature = key.sign(file.bytes);
    for (const std::string& text :
         {key.pem(), base64(key.raw()), key_file.string(), raw_file.string()}) {
        use_key(text);
        for (const std::string& content :
             {signature, base64(signature), base64(signature) + "\n"}) {
            sign_with(content);
            EXPECT_EQ(check(), "") << text;
            EXPECT_THAT(problems, IsEmpty());
        }
    }
}

TEST_F(TrustTest, one_of_several_keys_is_enough) {
    const SigningKey other;
    trust.ed25519 = {{other.pem(), {}}, {key.pem(), {}}};
    sign_with(key.sign(file.bytes));
    EXPECT_EQ(check(), "");
}

TEST_F(TrustTest, what_is_not_signed_is_refused) {
    use_key(key.pem());
    EXPECT_THAT(check(), HasSubstr("good.so.sig cannot be opened"));
    sign_with(key.sign("other bytes"));
    EXPECT_THAT(check(), HasSubstr("none of the keys"));
    sign_with(SigningKey().sign(file.bytes));
    EXPECT_THAT(check(), HasSubstr("none of the keys"));
    for (const char* content : {"", "short", "===="}) {
        sign_with(content);
        EXPECT_THAT(check(), HasSubstr("neither 64 bytes"));
    }
    sign_with(base64(key.sign(file.bytes)).replace(5, 1, "*"));
    EXPECT_THAT(check(), HasSubstr("neither 64 bytes"));
}

TEST_F(TrustTest, a_signature_that_others_may_write_is_refused) {
    use_key(key.pem());
    sign_with(key.sign(file.bytes));
    ::chmod((directory.path() / "good.so.sig").c_str(), 0666);
    EXPECT_THAT(check(), HasSubstr("writable by everybody"));
}

TEST_F(TrustTest, a_key_that_cannot_be_read_trusts_nothing) {
    sign_with(key.sign(file.bytes));
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> ec(
        EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"), EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), ec.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    for (const std::string& wrong :
         {std::string("/no/such/file"), std::string(text, static_cast<std::size_t>(size)),
          std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")}) {
        trust.ed25519 = {{wrong, Place{"c.yaml", 7, 9}}, {key.pem(), {}}};
        EXPECT_THAT(check(), HasSubstr("no file is trusted")) << wrong;
        ASSERT_EQ(problems.size(), 1u);
        EXPECT_EQ(problems[0].severity, Problem::Severity::error);
        EXPECT_THAT(problems[0].text(), HasSubstr("c.yaml:7:9"));
    }
}

class TrustedSetTest : public testing::Test {
  protected:
    std::shared_ptr<PluginSet> load() {
        problems.clear();
        options.directories = {directory.path()};
        options.cache_directory = cache.path() / "copies";
        return PluginSet::load(options, problems);
    }
    TemporaryDirectory directory;
    TemporaryDirectory cache;
    PluginSetOptions options;
    std::vector<Problem> problems;
};

TEST_F(TrustedSetTest, a_file_that_is_not_trusted_is_neither_copied_nor_run) {
    directory.add_fixture("good.so");
    directory.add_fixture("good_rows.json");
    options.settings.trust.pinned = true;
    EXPECT_EQ(load()->provider("good"), nullptr);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("not pinned"));
    EXPECT_FALSE(std::filesystem::exists(cache.path() / "copies"));
    options.settings.trust.sha256["org.example.good"] = {
        sha256_hex(test::read_file(directory.path() / "good.so"))};
    EXPECT_NE(load()->provider("good"), nullptr);
}

TEST_F(TrustedSetTest, a_directory_that_others_may_write_is_left_out) {
    directory.add_fixture("good.so");
    directory.add_fixture("good_rows.json");
    for (const unsigned mode : {0775u, 0777u, 01777u}) {
        ::chmod(directory.path().c_str(), mode);
        EXPECT_EQ(load()->provider("good"), nullptr);
        ASSERT_EQ(problems.size(), 1u);
        EXPECT_THAT(problems[0].message, HasSubstr("plugin directory is writable by"));
    }
    ::chmod(directory.path().c_str(), 0755);
    EXPECT_NE(load()->provider("good"), nullptr);
}

TEST_F(TrustedSetTest, egress_of_the_operator_that_is_no_origin_is_an_error) {
    PluginOptions one;
    one.egress = {{{"https://x/y", Place{"c.yaml", 3, 4}}}};
    options.settings.plugins["org.example.good"] = one;
    directory.add_fixture("good.so");
    directory.add_fixture("good_rows.json");
    load();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].text(), HasSubstr("c.yaml:3:4: error"));
}

}  // namespace
}  // namespace patchbay
