#include "errors.hpp"

#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

struct Case {
    const char* name;
    ErrorFamily family;
    int status;
    const char* body;
    std::uint32_t cls;
    int http_status;
};

class ErrorTree : public ::testing::TestWithParam<Case> {};

TEST_P(ErrorTree, GivesClassAndStatus) {
    const Case& c = GetParam();
    const Failure failure = openai_error(c.family, c.status, {}, c.body, 0);
    EXPECT_EQ(failure.cls, c.cls);
    EXPECT_EQ(failure.http_status, c.http_status);
    EXPECT_EQ(failure.upstream_status, c.status);
    EXPECT_FALSE(failure.message.empty());
}

constexpr auto kOpenAi = ErrorFamily::openai;
constexpr auto kLike = ErrorFamily::openai_like;
constexpr auto kProxy = ErrorFamily::litellm_proxy;

INSTANTIATE_TEST_SUITE_P(
    Spec, ErrorTree,
    ::testing::Values(
        Case{"BadRequest", kOpenAi, 400, R"({"error":{"message":"no"}})", BAY_ERR_BAD_REQUEST, 400},
        Case{
            "Auth", kOpenAi, 401,
            R"({"error":{"message":"Incorrect API key provided: sk-x","type":"invalid_request_error"}})",
            BAY_ERR_AUTH, 401},
        Case{"Permission", kOpenAi, 403, "no", BAY_ERR_PERMISSION, 403},
        Case{"NotFound", kOpenAi, 404, "", BAY_ERR_NOT_FOUND, 404},
        Case{"ModelNotFound", kOpenAi, 400,
             R"({"error":{"message":"m","type":"invalid_request_error","code":"model_not_found"}})",
             BAY_ERR_NOT_FOUND, 404},
        Case{"Timeout408", kOpenAi, 408, "", BAY_ERR_TIMEOUT, 408},
        Case{"Timeout504", kOpenAi, 504, "", BAY_ERR_TIMEOUT, 408},
        Case{"TimeoutWords", kOpenAi, 400, "Request timed out", BAY_ERR_TIMEOUT, 408},
        Case{"Unprocessable", kOpenAi, 422, "x", BAY_ERR_BAD_REQUEST, 400},
        Case{"RateLimit", kOpenAi, 429, "slow down", BAY_ERR_RATE_LIMIT, 429},
        Case{"RateLimitWords", kOpenAi, 400, "Rate-limit reached", BAY_ERR_RATE_LIMIT, 429},
        Case{"RateLimitNumber", kOpenAi, 500, "upstream said 429.", BAY_ERR_RATE_LIMIT, 429},
        Case{"NotTheNumber", kOpenAi, 500, "took 4290 ms", BAY_ERR_UPSTREAM, 500},
        Case{"NotTheWords", kOpenAi, 500, "generate limits", BAY_ERR_UPSTREAM, 500},
        Case{"TooLarge", kOpenAi, 400, "Request too large", BAY_ERR_RATE_LIMIT, 429},
        Case{"Quota", kOpenAi, 429, R"({"error":{"code":"insufficient_quota","message":"m"}})",
             BAY_ERR_QUOTA, 429},
        Case{
            "Context", kOpenAi, 400,
            R"({"error":{"message":"This model's maximum context length is 8192 tokens","type":"invalid_request_error"}})",
            BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"ContextCerebras", kOpenAi, 400, "Current length is 9 while limit is 8",
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{
            "Policy", kOpenAi, 400,
            R"({"error":{"type":"invalid_request_error","code":"content_policy_violation","message":"m"}})",
            BAY_ERR_CONTENT_POLICY, 400},
        Case{"PolicyPrompt", kOpenAi, 400, "Invalid prompt: violating our usage policy",
             BAY_ERR_CONTENT_POLICY, 400},
        Case{"ServerError", kOpenAi, 503, "The server had an error processing your request.",
             BAY_ERR_UPSTREAM, 500},
        Case{"S500", kOpenAi, 500, "x", BAY_ERR_UPSTREAM, 500},
        Case{"S502", kOpenAi, 502, "<html>", BAY_ERR_UPSTREAM, 502},
        Case{"S503", kOpenAi, 503, "x", BAY_ERR_UPSTREAM, 503},
        Case{"S529", kOpenAi, 529, "x", BAY_ERR_UPSTREAM, 529},
        Case{"S402", kOpenAi, 402, "pay", BAY_ERR_QUOTA, 402},
        Case{"S413", kOpenAi, 413, "big", BAY_ERR_BAD_REQUEST, 413},
        Case{"Redirect", kOpenAi, 302, "moved", BAY_ERR_UPSTREAM, 502},
        Case{"LikeForbidden", kLike, 403, "no", BAY_ERR_AUTH, 401},
        Case{"Like424", kLike, 424, "no", BAY_ERR_BAD_REQUEST, 400},
        Case{"LikeQuota", kLike, 400, "token_quota_reached", BAY_ERR_RATE_LIMIT, 429},
        Case{"LikeWords", kLike, 403, "authorization denied for x", BAY_ERR_AUTH, 401},
        Case{"ProxyContext", kProxy, 400,
             R"({"error":{"message":"litellm.ContextWindowExceededError: x","code":"400"}})",
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"ProxyPlain", kProxy, 401, R"({"error":{"message":"no key"}})", BAY_ERR_AUTH, 401}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(OpenAiError, TakesTheMembersOfTheErrorObject) {
    const Failure f = openai_error(
        kOpenAi, 400, {}, R"({"error":{"message":"bad n","type":"t","code":"c","param":"n"}})", 0);
    EXPECT_EQ(f.message, "bad n");
    EXPECT_EQ(f.type, "t");
    EXPECT_EQ(f.code, "c");
    EXPECT_EQ(f.param, "n");
}

TEST(OpenAiError, ReadsTheCommonVariants) {
    EXPECT_EQ(openai_error(kOpenAi, 400, {}, R"({"error":"text"})", 0).message, "text");
    EXPECT_EQ(openai_error(kOpenAi, 400, {}, R"({"message":"m","code":7})", 0).code, "7");
    EXPECT_EQ(openai_error(kOpenAi, 400, {}, R"({"detail":"d"})", 0).message, "d");
    EXPECT_EQ(openai_error(kOpenAi, 400, {}, R"([{"error":{"message":"l"}}])", 0).message, "l");
    EXPECT_EQ(openai_error(kOpenAi, 502, {}, "<html>bad</html>", 0).message, "<html>bad</html>");
}

TEST(OpenAiError, KeepsABoundedBody) {
    const Failure f = openai_error(kOpenAi, 500, {}, std::string(1 << 20, 'x'), 0);
    EXPECT_LE(f.message.size(), 4096u);
    EXPECT_LE(f.upstream_body.size(), 16384u);
}

TEST(StreamError, TakesTheStatusFromTheFrame) {
    EXPECT_EQ(stream_error(kOpenAi, R"({"error":{"code":429,"message":"m"}})").cls,
              BAY_ERR_RATE_LIMIT);
    EXPECT_EQ(stream_error(kOpenAi, R"({"error":{"code":"502","message":"m"}})").http_status, 502);
    const Failure plain =
        stream_error(kOpenAi, R"({"error":{"code":"server_error","message":"m"}})");
    EXPECT_EQ(plain.cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(plain.http_status, 500);
    EXPECT_EQ(plain.message, "m");
}

TEST(TransportError, ClassesByFailure) {
    EXPECT_EQ(transport_error(BAY_FAIL_TIMEOUT, 0, "").cls, BAY_ERR_TIMEOUT);
    EXPECT_EQ(transport_error(BAY_FAIL_CONNECT, 0, "refused").cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(transport_error(BAY_FAIL_RESET, 200, "").cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(transport_error(BAY_FAIL_FRAMING, 200, "").http_status, 502);
    EXPECT_NE(transport_error(BAY_FAIL_CONNECT, 0, "refused").message.find("refused"),
              std::string::npos);
}

}  // namespace
}  // namespace patchbay::openai
