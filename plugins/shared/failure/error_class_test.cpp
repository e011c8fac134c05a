#include "error_class.hpp"

#include <string>

#include <gtest/gtest.h>

#include "patchbay/sdk/upstream.hpp"

namespace patchbay::shared {
namespace {

std::string body_of(std::string_view message, std::string_view type = "",
                    std::string_view code = "") {
    return R"({"error":{"message":")" + std::string(message) + R"(","type":")" + std::string(type) +
           R"(","code":")" + std::string(code) + R"("},"prompt_token_ids":[9906,429,1234]})";
}

struct Case {
    const char* name;
    int status;
    std::string body;
    std::uint32_t cls;
    int http_status;
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
};

class ErrorClasses : public ::testing::TestWithParam<Case> {};

TEST_P(ErrorClasses, follow_from_status_and_words) {
    const Case& c = GetParam();
    const ErrorClass got = classify(c.status, read_error(c.body));
    EXPECT_EQ(got.cls, c.cls);
    EXPECT_EQ(got.http_status, c.http_status);
    EXPECT_EQ(got.retry, c.retry);
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Status, ErrorClasses,
                         ::testing::Values(Case{"s302", 302, "x", BAY_ERR_UPSTREAM, 502},
                                           Case{"s400", 400, "x", BAY_ERR_BAD_REQUEST, 400},
                                           Case{"s401", 401, "x", BAY_ERR_AUTH, 401},
                                           Case{"s402", 402, "x", BAY_ERR_QUOTA, 402,
                                                BAY_RETRY_OTHER},
                                           Case{"s403", 403, "x", BAY_ERR_PERMISSION, 403},
                                           Case{"s404", 404, "", BAY_ERR_NOT_FOUND, 404},
                                           Case{"s408", 408, "", BAY_ERR_TIMEOUT, 408},
                                           Case{"s409", 409, "", BAY_ERR_UPSTREAM, 409},
                                           Case{"s413", 413, "big", BAY_ERR_BAD_REQUEST, 413},
                                           Case{"s418", 418, "x", BAY_ERR_BAD_REQUEST, 418},
                                           Case{"s422", 422, "x", BAY_ERR_BAD_REQUEST, 422},
                                           Case{"s429", 429, "slow down", BAY_ERR_RATE_LIMIT, 429},
                                           Case{"s500", 500, "x", BAY_ERR_UPSTREAM, 500},
                                           Case{"s502", 502, "<html>", BAY_ERR_UPSTREAM, 502},
                                           Case{"s503", 503, "x", BAY_ERR_UPSTREAM, 503},
                                           Case{"s504", 504, "", BAY_ERR_TIMEOUT, 504},
                                           Case{"s529", 529, "x", BAY_ERR_UPSTREAM, 529},
                                           Case{"s600", 600, "x", BAY_ERR_UPSTREAM, 502}),
                         name_of);

// The SDK's table is for plugins outside of this tree; both must say the same.
TEST(ErrorClasses, without_words_are_those_of_the_sdk) {
    for (int status = 300; status < 600; ++status) {
        EXPECT_EQ(classify(status, read_error("")).cls, bay::class_of_status(status)) << status;
    }
}

// A refusal stays one, and a fault of the provider's too, whatever words stand in the error.
INSTANTIATE_TEST_SUITE_P(
    WordsDoNotOutrankTheStatus, ErrorClasses,
    ::testing::Values(
        Case{"rate_limit_in_a_name", 400,
             body_of("Unknown parameter: '_rate_limit_hint'.", "invalid_request_error"),
             BAY_ERR_BAD_REQUEST, 400},
        Case{"rate_limit_as_words", 400, body_of("See also the page on rate limits."),
             BAY_ERR_BAD_REQUEST, 400},
        Case{"rate_limit_as_plain_text", 400, "Rate-limit reached", BAY_ERR_BAD_REQUEST, 400},
        Case{"a_number_in_the_body", 400, body_of("`tools` must not be an empty array"),
             BAY_ERR_BAD_REQUEST, 400},
        Case{"a_timeout", 400, body_of("The request timed out?"), BAY_ERR_BAD_REQUEST, 400},
        Case{"an_overload", 400, body_of("Overloaded"), BAY_ERR_BAD_REQUEST, 400},
        Case{"rate_limit_at_401", 401, body_of("Incorrect API key. See the page on rate limits."),
             BAY_ERR_AUTH, 401},
        Case{"rate_limit_at_404", 404, body_of("No model 'x'; rate limit: 429"), BAY_ERR_NOT_FOUND,
             404},
        Case{"rate_limit_at_403", 403, body_of("no rate limit for you"), BAY_ERR_PERMISSION, 403},
        Case{"rate_limit_at_413", 413, body_of("above the rate limit"), BAY_ERR_BAD_REQUEST, 413},
        Case{"rate_limit_at_422", 422, body_of("rate_limit is no field"), BAY_ERR_BAD_REQUEST, 422},
        Case{"rate_limit_at_500", 500, body_of("upstream said 429, rate limit"), BAY_ERR_UPSTREAM,
             500},
        Case{"context_at_500", 500, body_of("This model's maximum context length is unknown"),
             BAY_ERR_UPSTREAM, 500},
        Case{"context_at_404", 404, body_of("prompt is too long"), BAY_ERR_NOT_FOUND, 404},
        Case{"context_at_429", 429, body_of("prompt is too long, rate limit"), BAY_ERR_RATE_LIMIT,
             429},
        Case{"policy_at_503", 503, body_of("blocked by content filtering policy"), BAY_ERR_UPSTREAM,
             503},
        Case{"bad_request_at_500", 500, body_of("m", "invalid_request_error"), BAY_ERR_UPSTREAM,
             500},
        Case{"bad_request_at_404", 404, body_of("Invalid model", "invalid_request_error", "3000"),
             BAY_ERR_NOT_FOUND, 404},
        Case{"bad_request_at_402", 402, body_of("m", "unknown_error", "invalid_request_error"),
             BAY_ERR_QUOTA, 402, BAY_RETRY_OTHER},
        Case{"account_words_of_the_client", 400,
             body_of("Invalid value: 'Your credit balance is too low'"), BAY_ERR_BAD_REQUEST, 400},
        Case{"context_words_in_an_echo", 400,
             R"({"error":{"message":"no"},"echo":"prompt is too long"})", BAY_ERR_BAD_REQUEST,
             400}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    WordsMakeItFiner, ErrorClasses,
    ::testing::Values(
        Case{"context", 400,
             body_of("This model's maximum context length is 4096 tokens. However, you requested "
                     "4525 tokens (429 in the messages, 4096 in the completion)."),
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"context_by_code", 400, body_of("m", "t", "context_length_exceeded"),
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"context_by_code_at_500", 500, body_of("m", "t", "context_length_exceeded"),
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"context_of_cerebras", 400, "Current length is 9 while limit is 8",
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"context_of_mistral", 400,
             body_of("Prompt contains 140000 tokens and 0 draft tokens, too large for model with "
                     "131072 maximum context length"),
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"context_of_tgi", 422,
             body_of("Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. "
                     "Given: 5000 `inputs` tokens and 100 `max_new_tokens`"),
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"context_at_413", 413, body_of("prompt is too long"), BAY_ERR_CONTEXT_LENGTH, 400},
        Case{
            "context_of_another_provider", 400,
            R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"code\":\"context_length_exceeded\"}}"}}})",
            BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"policy_by_code", 400,
             body_of("m", "invalid_request_error", "content_policy_violation"),
             BAY_ERR_CONTENT_POLICY, 400},
        Case{"policy_by_words", 400,
             body_of("Invalid prompt: potentially violating our usage policy"),
             BAY_ERR_CONTENT_POLICY, 400},
        Case{"policy_at_403", 403, body_of("Your input was flagged"), BAY_ERR_CONTENT_POLICY, 400},
        Case{"model", 400, body_of("m", "invalid_request_error", "model_not_found"),
             BAY_ERR_NOT_FOUND, 404},
        Case{
            "key_at_400", 400,
            R"({"code":"Client specified an invalid argument","error":"Incorrect API key provided: fa***ey."})",
            BAY_ERR_AUTH, 401},
        Case{
            "key_of_google", 400,
            R"({"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}})",
            BAY_ERR_AUTH, 401},
        Case{"quota_at_429", 429, body_of("m", "t", "insufficient_quota"), BAY_ERR_QUOTA, 429},
        Case{"rate_limit_by_code_at_413", 413,
             body_of("Request too large for model `m` on tokens per minute (TPM): Limit 6000, "
                     "Requested 8000",
                     "tokens", "rate_limit_exceeded"),
             BAY_ERR_RATE_LIMIT, 429, BAY_RETRY_OTHER}),
    name_of);

TEST(ErrorClass, trouble_with_the_account_is_another_deployments_chance) {
    const struct {
        int status;
        std::string body;
    } cases[] = {
        {400, body_of("Your credit balance is too low to access the Anthropic API.")},
        {400, body_of("You have reached your specified API usage limits.")},
        {400, body_of("Billing hard limit has been reached", "invalid_request_error",
                      "billing_hard_limit_reached")},
        {400, body_of("Access denied, please make sure your account is in good standing.",
                      "Arrearage", "Arrearage")},
        {400, body_of("Organization has been restricted.", "invalid_request_error",
                      "organization_restricted")},
        {400, body_of("m", "t", "blocked_api_access")},
        {401,
         body_of("You exceeded your current quota, please check your plan and billing details.",
                 "insufficient_quota")},
        {401, body_of("Inactive subscription or usage limit reached")},
        {402, body_of("Insufficient Balance")},
        {402, body_of("Insufficient credits")},
        {403, body_of("Key limit exceeded (total limit)")},
        {403, body_of("Your newly created team doesn't have any credits yet.")},
        {403, body_of("m", "t", "AccountOverdueError")},
        {403,
         R"({"error":{"code":403,"message":"no","status":"PERMISSION_DENIED","details":[{"reason":"BILLING_DISABLED"}]}})"},
        {412,
         body_of("Account x is suspended, possibly due to reaching the monthly spending limit")},
        {500, body_of("m", "insufficient_quota")},
    };
    for (const auto& one : cases) {
        const ErrorClass got = classify(one.status, read_error(one.body));
        EXPECT_EQ(got.cls, BAY_ERR_QUOTA) << one.body;
        EXPECT_EQ(got.retry, BAY_RETRY_OTHER) << one.body;
        EXPECT_EQ(got.http_status, one.status == 402 ? 402 : 429) << one.body;
    }
}

INSTANTIATE_TEST_SUITE_P(
    WithoutAStatus, ErrorClasses,
    ::testing::Values(
        Case{"a_number", 0, R"({"error":{"code":429,"message":"m"}})", BAY_ERR_RATE_LIMIT, 429},
        Case{"a_number_and_other_words", 0, R"({"error":{"code":400,"message":"rate limit"}})",
             BAY_ERR_BAD_REQUEST, 400},
        Case{"a_type", 0, body_of("rate limit", "invalid_request_error"), BAY_ERR_BAD_REQUEST, 400},
        Case{"a_type_of_vllm", 0, R"({"object":"error","message":"m","type":"BadRequestError"})",
             BAY_ERR_BAD_REQUEST, 400},
        Case{"a_code", 0, body_of("m", "requests", "rate_limit_exceeded"), BAY_ERR_RATE_LIMIT, 429},
        Case{"a_status_of_google", 0, R"({"error":{"message":"m","status":"UNAVAILABLE"}})",
             BAY_ERR_UPSTREAM, 503},
        Case{"words", 0, R"({"error":"Rate limit exceeded"})", BAY_ERR_RATE_LIMIT, 429},
        Case{"words_of_a_timeout", 0, R"({"error":"Request timed out"})", BAY_ERR_TIMEOUT, 408},
        Case{"words_of_an_overload", 0, R"({"error":"The model is overloaded"})", BAY_ERR_UPSTREAM,
             503},
        Case{"words_about_the_prompt", 0, R"({"error":"prompt is too long"})",
             BAY_ERR_CONTEXT_LENGTH, 400},
        Case{"quota", 0, R"({"error":{"message":"quota used up","code":"insufficient_quota"}})",
             BAY_ERR_QUOTA, 429},
        Case{"no_rate_limit", 0, R"({"error":"cannot generate limits"})", BAY_ERR_UPSTREAM, 500},
        Case{"nothing", 0, R"({"error":{"message":"m"}})", BAY_ERR_UPSTREAM, 500}),
    name_of);

TEST(ErrorClass, a_providers_own_rules_come_first) {
    constexpr StatusRule kOwn[] = {{403, 403, BAY_ERR_AUTH, 401, kAccount, kNoRefinement}};
    EXPECT_EQ(classify(403, read_error("key limit exceeded"), kOwn).cls, BAY_ERR_AUTH);
    EXPECT_EQ(classify(403, read_error("key limit exceeded"), kOwn).http_status, 401);
    EXPECT_EQ(classify(404, read_error("x"), kOwn).cls, BAY_ERR_NOT_FOUND);
}

}  // namespace
}  // namespace patchbay::shared
