#include "error_text.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ErrorText, reads_every_wrapping) {
    const struct {
        const char* body;
        const char* message;
        bool error_member;
    } cases[] = {
        {R"({"error":{"message":"m","type":"t"}})", "m", true},
        {R"({"error":"m"})", "m", true},
        {R"({"error":["m"]})", "m", true},
        {R"({"error":[{"message":"m"}]})", "m", true},
        {R"({"errors":[{"code":7,"message":"m"}],"success":false})", "m", true},
        {R"({"message":"m"})", "m", false},
        {R"({"object":"error","message":"m","code":400})", "m", false},
        {R"({"object":"error","message":{"detail":[{"loc":["body","n"],"msg":"m"}]}})",
         R"(["body","n"]: m)", false},
        {R"({"detail":"m"})", "m", false},
        {R"({"detail":[{"loc":["body"],"msg":"m","input":"what was sent"}]})", R"(["body"]: m)",
         false},
        {R"([{"error":{"message":"m"}}])", "m", true},
        {R"({"id":"x","choices":null,"base_resp":{"status_code":1004,"status_msg":"m"}})", "m",
         false},
        {R"({"error_code":"BAD","message":"m"})", "m", false},
        {R"({"error":{"error":{"message":"m"}}})", "m", true},
        {R"({"error":null,"message":"m"})", "m", false},
        {R"({"error":{},"detail":"m"})", "m", false},
    };
    for (const auto& one : cases) {
        const ErrorText text = read_error(one.body);
        EXPECT_EQ(text.message, one.message) << one.body;
        EXPECT_EQ(text.error_member, one.error_member) << one.body;
        EXPECT_THAT(text.words, HasSubstr("m")) << one.body;
    }
}

TEST(ErrorText, an_error_that_says_nothing_is_none) {
    for (const char* body :
         {R"({"error":null})", R"({"error":""})", R"({"error":{}})", R"({"error":[]})",
          R"({"error":false})", R"({"error":0})", R"({"error":{"message":null,"code":""}})"}) {
        EXPECT_FALSE(read_error(body).error_member) << body;
    }
}

TEST(ErrorText, states_a_status_as_a_number_or_its_text) {
    EXPECT_EQ(read_error(R"({"error":{"code":429}})").status, 429);
    EXPECT_EQ(read_error(R"({"error":{"code":"429"}})").status, 429);
    EXPECT_EQ(read_error(R"({"error":{"code":"x","status":503}})").status, 503);
    EXPECT_EQ(read_error(R"({"error":{"code":1302}})").status, 0);
    EXPECT_EQ(read_error(R"({"error":{"code":"429 Too Many"}})").status, 0);
    EXPECT_EQ(read_error(R"({"code":"x","error":"m"})").code, "x");
}

TEST(ErrorText, only_the_providers_own_words_are_searched) {
    for (const char* body : {
             R"({"error":{"message":"no"},"echo":"SECRET"})",
             R"({"error":{"message":"no","param":"SECRET","input":"SECRET"}})",
             R"({"error":{"message":"Unknown parameter: 'SECRET'."}})",
             R"({"error":{"message":"Unknown parameter: `SECRET`."}})",
             R"({"error":{"message":"The model's limit: \"SECRET\" isn't the users' SECRETS"}})",
             R"({"detail":[{"msg":"no","input":"SECRET"}]})",
             R"({"error":{"message":"[{'msg': 'no', 'input': \"it's SECRET\"}]"}})",
             "<html>SECRET</html>",
             R"({"error":{"message":"SECRET)",
         }) {
        EXPECT_THAT(read_error(body).words, Not(HasSubstr("secret "))) << body;
        EXPECT_THAT(read_error(std::string(body) + " ").words, Not(HasSubstr("secret\n"))) << body;
        if (std::string(body).find("SECRETS") == std::string::npos) {
            EXPECT_THAT(read_error(body).words, Not(HasSubstr("secret"))) << body;
        }
    }
    EXPECT_EQ(read_error("Slow down, please").words, "slow down, please");
    EXPECT_EQ(read_error("This model's maximum isn't yours").words,
              "this model's maximum isn't yours");
}

TEST(ErrorText, reads_the_error_that_another_provider_gave) {
    const ErrorText raw = read_error(
        R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Too long\",\"code\":\"context_length_exceeded\"}}"}}})");
    EXPECT_EQ(raw.message, "Provider returned error");
    EXPECT_THAT(raw.words, HasSubstr("too long"));
    EXPECT_THAT(raw.names, ElementsAre("context_length_exceeded"));
    const ErrorText nested = read_error(
        R"({"error":{"message":"Upstream: {\"error\":{\"message\":\"Too long\",\"type\":\"x\"}}"}})");
    EXPECT_THAT(nested.words, HasSubstr("too long"));
    EXPECT_THAT(nested.names, ElementsAre("x"));
}

TEST(ErrorText, survives_anything) {
    for (const char* body : {"", " ", "null", "[]", "{}", "[[]]", "7", "\"\"", "{", "\xff\xfe",
                             R"({"error":{"message":{"message":{"message":{}}}}})"}) {
        EXPECT_FALSE(read_error(body).error_member && read_error(body).message.empty()) << body;
    }
    EXPECT_THAT(read_error(std::string(1 << 20, '{')).words, IsEmpty());
    EXPECT_LE(read_error(std::string(1 << 20, 'x')).words.size(), 4096u);
}

}  // namespace
}  // namespace patchbay::shared
