// Signatures of AWS's published test suite (aws-sig-v4-test-suite, Apache-2.0), made by the host's
// own cryptography.
#include "patchbay/sdk/sigv4.hpp"

#include <gtest/gtest.h>

#include "contract/crypto/crypto.hpp"

namespace {

constexpr bay::AwsKeys kKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
constexpr bay::AwsScope kScope{"us-east-1", "service"};
constexpr std::int64_t kTime = 1440938160000;  // 2015-08-30 12:36:00

const bay::Crypto crypto(patchbay::crypto_service());

std::string member(std::string_view authorization, std::string_view name) {
    const auto at = authorization.find(name);
    if (at == std::string_view::npos) return "";
    const auto value = authorization.substr(at + name.size());
    return std::string(value.substr(0, value.find(',')));
}

std::string value(const std::vector<std::pair<std::string, std::string>>& headers,
                  std::string_view name) {
    for (const auto& [key, text] : headers) {
        if (key == name) return text;
    }
    return "";
}

struct Vector {
    const char* name;
    const char* method;
    const char* target;
    std::vector<std::pair<std::string_view, std::string_view>> headers;
    const char* body;
    const char* signature;
};

TEST(SigV4, SignsAsThePublishedSuiteDoes) {
    const Vector vectors[] = {
        {"get-vanilla",
         "GET",
         "/",
         {},
         "",
         "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        {"post-vanilla",
         "POST",
         "/",
         {},
         "",
         "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        {"get-vanilla-query-order-key-case",
         "GET",
         "/?Param2=value2&Param1=value1",
         {},
         "",
         "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        {"get-utf8",
         "GET",
         "/\xe1\x88\xb4",
         {},
         "",
         "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        {"get-header-value-trim",
         "GET",
         "/",
         {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
         "",
         "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        {"post-x-www-form-urlencoded",
         "POST",
         "/",
         {{"Content-Type", "application/x-www-form-urlencoded"}},
         "Param1=value1",
         "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
        {"get-slash-dot-slash",
         "GET",
         "/./",
         {},
         "",
         "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        {"get-relative-relative",
         "GET",
         "/example1/example2/../..",
         {},
         "",
         "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    };
    for (const Vector& vector : vectors) {
        const std::string url = std::string("https://example.amazonaws.com") + vector.target;
        const auto signed_headers =
            bay::sigv4(crypto, kKeys, kScope, kTime,
                       {vector.method, url, vector.headers, crypto.sha256(vector.body)});
        EXPECT_EQ(member(value(signed_headers, "authorization"), "Signature="), vector.signature)
            << vector.name;
    }
}

TEST(SigV4, NamesItsScopeAndSignsTheSessionToken) {
    const bay::AwsKeys session{"AKIDEXAMPLE", "secret", "token"};
    const auto made = bay::sigv4(crypto, session, kScope, kTime,
                                 {"GET", "https://example.amazonaws.com", {}, crypto.sha256("")});
    EXPECT_EQ(value(made, "x-amz-security-token"), "token");
    EXPECT_EQ(value(made, "x-amz-date"), "20150830T123600Z");
    EXPECT_EQ(member(value(made, "authorization"), "SignedHeaders="),
              "host;x-amz-date;x-amz-security-token");
    EXPECT_EQ(member(value(made, "authorization"), "Credential="),
              "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request");
}

TEST(SigV4, WritesTheTimeWithoutTheSystemsHelp) {
    const std::pair<std::int64_t, const char*> times[] = {
        {0, "19700101T000000Z"},
        {951'782'399'999, "20000228T235959Z"},
        {951'782'400'000, "20000229T000000Z"},
        {1'440'938'160'000, "20150830T123600Z"},
        {1'709'164'800'000, "20240229T000000Z"},
        {1'735'689'599'000, "20241231T235959Z"},
        {4'107'542'400'000, "21000301T000000Z"},  // 2100 is no leap year
    };
    for (const auto& [unix_ms, text] : times) {
        EXPECT_EQ(bay::sigv4_detail::timestamp(unix_ms), text);
    }
}

TEST(SigV4, EncodesThePathTwiceButForS3) {
    using bay::percent_encoded;
    using bay::sigv4_detail::normal;
    EXPECT_EQ(percent_encoded(normal("/model/a-v1%3A0/invoke"), "/"), "/model/a-v1%253A0/invoke");
    const auto signature = [](std::string_view service, const char* url) {
        const auto made = bay::sigv4(crypto, kKeys, {"us-east-1", service}, kTime,
                                     {"GET", url, {}, crypto.sha256("")});
        return member(value(made, "authorization"), "Signature=");
    };
    EXPECT_NE(signature("s3", "https://b/a//b"), signature("s3", "https://b/a/b"));
    EXPECT_EQ(signature("bedrock", "https://b/a//b"), signature("bedrock", "https://b/a/b"));
}

TEST(SigV4, SendsTheHashOfThePayloadToS3) {
    const auto made = bay::sigv4(crypto, kKeys, {"us-east-1", "s3"}, kTime,
                                 {"PUT", "https://b/a", {}, crypto.sha256("")});
    EXPECT_EQ(value(made, "x-amz-content-sha256"),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Crypto, WritesBase64OfUrls) {
    // RFC 4648 section 10, without padding; RFC 7515 appendix C.
    EXPECT_EQ(bay::base64url(""), "");
    EXPECT_EQ(bay::base64url("f"), "Zg");
    EXPECT_EQ(bay::base64url("fo"), "Zm8");
    EXPECT_EQ(bay::base64url("foob"), "Zm9vYg");
    EXPECT_EQ(bay::base64url(std::string_view("\x03\xec\xff\xe0\xc1", 5)), "A-z_4ME");
}

}  // namespace
