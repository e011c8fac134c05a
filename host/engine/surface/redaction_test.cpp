#include "engine/surface/redaction.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

std::string redacted(std::string text, std::vector<std::string> known = {}) {
    std::vector<Secret> secrets;
    for (std::string& one : known) secrets.emplace_back(std::move(one));
    redact_secrets(text, secrets);
    return text;
}

TEST(Redaction, known_secrets_are_taken_out_wherever_they_stand) {
    EXPECT_EQ(redacted("a my-key-1 and other-2my-key-1", {"my-key-1", "other-2"}),
              "a [redacted] and [redacted][redacted]");
    EXPECT_EQ(redacted("an apple", {"an", ""}), "an apple") << "too short to be a secret";
}

TEST(Redaction, keys_of_others_are_told_by_their_form) {
    EXPECT_EQ(redacted("Incorrect API key provided: sk-abcdefghijklmnop1234."),
              "Incorrect API key provided: sk-[redacted]");
    EXPECT_EQ(redacted("got 'Bearer abcdefghijklmnop1234'"), "got 'Bearer [redacted]'");
    EXPECT_EQ(redacted("{\"h\":\"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\"}"),
              "{\"h\":\"Basic [redacted]\"}");
    EXPECT_EQ(redacted("id AKIAIOSFODNN7EXAMPLE"), "id AKIA[redacted]");
    EXPECT_EQ(redacted("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.x-y_z"),
              "jwt eyJ[redacted]");
}

TEST(Redaction, values_of_secret_names_are_taken_out) {
    EXPECT_EQ(redacted("GET /v1?key=AAAA-0001&alt=sse failed"),
              "GET /v1?key=[redacted]&alt=sse failed");
    EXPECT_EQ(redacted(R"({"api_key": "AAAA-0001", "model":"m"})"),
              R"({"api_key": "[redacted]", "model":"m"})");
    EXPECT_EQ(redacted(R"(body {\"clientSecret\":\"AAAA-0001\"})"),
              R"(body {\"clientSecret\":\"[redacted]\"})");
    EXPECT_EQ(redacted("connect to https://me:pass@host.example/x"),
              "connect to https://[redacted]@host.example/x");
}

TEST(Redaction, words_of_errors_stay) {
    for (const char* text :
         {"max_tokens=100000000 is too large", "Unexpected token: something in JSON",
          "Bearer authentication is required", "the task-abcdefghijklmnopqrstuvwx failed",
          R"({"error":{"message":"no such key","type":"invalid_request_error","param":null}})",
          "see https://platform.openai.com/account/api-keys.", "a@b.example", "key=", ":", "="}) {
        EXPECT_EQ(redacted(text), text);
    }
}

TEST(Redaction, a_link_loses_its_user_and_its_signature) {
    std::string text =
        "https://u:p@files.example/a.png?v=1&X-Amz-Signature=abc&X-Amz-Credential=c&sig=s#token=1";
    EXPECT_TRUE(redact_link(text));
    EXPECT_EQ(
        text,
        "https://[redacted]@files.example/"
        "a.png?v=1&X-Amz-Signature=[redacted]&X-Amz-Credential=[redacted]&sig=[redacted]#token=1");
    text = "https://files.example/a.png";
    EXPECT_TRUE(redact_link(text));
    EXPECT_EQ(text, "https://files.example/a.png");
    text = "see https://u:p@files.example";
    EXPECT_FALSE(redact_link(text)) << "a text, and no link";
}

}  // namespace
}  // namespace patchbay
