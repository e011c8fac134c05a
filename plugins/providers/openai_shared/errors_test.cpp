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

// What the classes are is tested beside their table; this is what a family changes.
INSTANTIATE_TEST_SUITE_P(
    Families, ErrorTree,
    ::testing::Values(
        Case{"Permission", kOpenAi, 403, "no", BAY_ERR_PERMISSION, 403},
        Case{"LikeForbidden", kLike, 403, "no", BAY_ERR_AUTH, 401},
        Case{"LikeForbiddenAccount", kLike, 403, "key limit exceeded", BAY_ERR_QUOTA, 429},
        Case{"Dependency", kOpenAi, 424, "no", BAY_ERR_BAD_REQUEST, 424},
        Case{"LikeDependency", kLike, 424, "no", BAY_ERR_BAD_REQUEST, 400},
        Case{"Redirect", kOpenAi, 302, "<html>moved: rate limit</html>", BAY_ERR_UPSTREAM, 502},
        Case{"ProxyContext", kProxy, 400,
             R"({"error":{"message":"litellm.ContextWindowExceededError: x","code":"400"}})",
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"ProxyContextAtAnotherStatus", kProxy, 500,
             R"({"error":{"message":"litellm.ContextWindowExceededError: x","code":"500"}})",
             BAY_ERR_UPSTREAM, 500},
        Case{"ProxyContextOfTheClients", kProxy, 400,
             R"({"error":{"message":"no: litellm.ContextWindowExceededError","code":"400"}})",
             BAY_ERR_BAD_REQUEST, 400},
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

TEST(OpenAiError, ARedirectIsNamed) {
    const Failure f = openai_error(kOpenAi, 307, {}, "<html>moved</html>", 0);
    EXPECT_NE(f.message.find("status 307, a redirect"), std::string::npos) << f.message;
}

TEST(AnswerError, TakesTheStatusFromTheError) {
    EXPECT_EQ(answer_error(kOpenAi, R"({"error":{"code":429,"message":"m"}})").cls,
              BAY_ERR_RATE_LIMIT);
    EXPECT_EQ(answer_error(kOpenAi, R"({"error":{"code":"502","message":"m"}})").http_status, 502);
    const Failure plain =
        answer_error(kOpenAi, R"({"error":{"code":"server_error","message":"m"}})");
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
