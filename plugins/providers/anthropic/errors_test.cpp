// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <patchbay/sdk.hpp>

#include <gtest/gtest.h>

namespace patchbay::anthropic {
namespace {

std::string body_of(std::string_view type, std::string_view message) {
    return R"({"type":"error","error":{"type":")" + std::string(type) + R"(","message":")" +
           std::string(message) + R"("}})";
}

struct Case {
    int status;
    const char* type;
    const char* message;
    std::uint32_t cls;
    int http_status;
};

class ErrorTree : public testing::TestWithParam<Case> {};

TEST_P(ErrorTree, SortsByStatusThenWords) {
    const auto& c = GetParam();
    const auto body = body_of(c.type, c.message);
    const auto failure = failure_of_status(c.status, body);
    EXPECT_EQ(failure.cls, c.cls);
    EXPECT_EQ(failure.http_status, c.http_status);
    EXPECT_EQ(failure.upstream_status, c.status);
    EXPECT_EQ(failure.message, body);
    EXPECT_EQ(failure.upstream_body, body);
}

INSTANTIATE_TEST_SUITE_P(
    All, ErrorTree,
    testing::Values(
        Case{400, "invalid_request_error", "bad", BAY_ERR_BAD_REQUEST, 400},
        Case{400, "invalid_request_error", "prompt is too long: 9 > 8", BAY_ERR_CONTEXT_LENGTH,
             400},
        Case{400, "invalid_request_error", "prompt: length: 1..2", BAY_ERR_CONTEXT_LENGTH, 400},
        Case{400, "invalid_request_error", "Output blocked by content filtering policy",
             BAY_ERR_CONTENT_POLICY, 400},
        Case{400, "invalid_request_error", "tools.0.name: Overloaded", BAY_ERR_BAD_REQUEST, 400},
        Case{400, "invalid_request_error", "This organization has been disabled.", BAY_ERR_QUOTA,
             429},
        Case{401, "authentication_error", "invalid x-api-key", BAY_ERR_AUTH, 401},
        Case{400, "x", "Invalid API Key", BAY_ERR_AUTH, 401},
        Case{402, "billing_error", "pay", BAY_ERR_QUOTA, 429},
        Case{403, "permission_error", "no", BAY_ERR_PERMISSION, 403},
        Case{404, "not_found_error", "model: x", BAY_ERR_NOT_FOUND, 404},
        Case{404, "not_found_error", "model: Overloaded", BAY_ERR_NOT_FOUND, 404},
        Case{408, "timeout_error", "slow", BAY_ERR_TIMEOUT, 408},
        Case{413, "request_too_large", "big", BAY_ERR_BAD_REQUEST, 400},
        Case{422, "x", "y", BAY_ERR_BAD_REQUEST, 422},
        Case{429, "rate_limit_error", "slow down", BAY_ERR_RATE_LIMIT, 429},
        Case{500, "api_error", "prompt is too long", BAY_ERR_UPSTREAM, 500},
        Case{502, "x", "y", BAY_ERR_UPSTREAM, 502}, Case{503, "x", "y", BAY_ERR_UPSTREAM, 503},
        Case{504, "x", "y", BAY_ERR_TIMEOUT, 504},
        Case{529, "overloaded_error", "Overloaded", BAY_ERR_UPSTREAM, 500},
        Case{418, "x", "y", BAY_ERR_BAD_REQUEST, 418}));

TEST(Errors, AnAccountThatCannotServeIsAnotherDeploymentsChance) {
    for (const char* message :
         {"Your credit balance is too low to access the Anthropic API. Please go to Plans & "
          "Billing "
          "to upgrade or purchase credits.",
          "You have reached your specified API usage limits. You will regain access on 2026-09-01 "
          "at 00:00 UTC.",
          "You have reached your specified workspace API usage limits."}) {
        const auto failure = failure_of_status(400, body_of("invalid_request_error", message));
        EXPECT_EQ(failure.cls, BAY_ERR_QUOTA) << message;
        EXPECT_EQ(failure.retry, BAY_RETRY_OTHER) << message;
    }
    EXPECT_EQ(failure_of_status(402, body_of("billing_error", "pay")).retry, BAY_RETRY_OTHER);
    EXPECT_EQ(failure_of_status(400, body_of("invalid_request_error", "bad")).retry,
              BAY_RETRY_BY_CLASS);
}

TEST(Errors, TypeIsTheProvidersExceptForRateLimits) {
    EXPECT_EQ(failure_of_status(404, body_of("not_found_error", "m")).type, "not_found_error");
    EXPECT_EQ(failure_of_status(429, body_of("rate_limit_error", "m")).type, "");
    EXPECT_EQ(failure_of_status(500, "<html>").type, "");
}

TEST(Errors, ARedirectIsNamed) {
    const auto failure = failure_of_status(302, "<html>moved</html>");
    EXPECT_EQ(failure.cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(failure.http_status, 502);
    EXPECT_NE(failure.message.find("status 302, a redirect"), std::string::npos);
}

TEST(Errors, AnEmptyBodyStillSaysSomething) {
    EXPECT_EQ(failure_of_status(502, "").message, "HTTP status 502 without a body");
}

TEST(Errors, LongBodiesAreCutInTheMessageOnly) {
    const std::string body(100000, 'x');
    const auto failure = failure_of_status(500, body);
    EXPECT_EQ(failure.message.size(), 16384u);
    EXPECT_EQ(failure.upstream_body.size(), body.size());
}

TEST(Errors, EventsCountAsTheirStatus) {
    const auto event = [](std::string_view type) { return failure_of_event(body_of(type, "m")); };
    EXPECT_EQ(event("rate_limit_error").cls, BAY_ERR_RATE_LIMIT);
    EXPECT_EQ(event("invalid_request_error").cls, BAY_ERR_BAD_REQUEST);
    EXPECT_EQ(event("overloaded_error").http_status, 500);
    EXPECT_EQ(event("overloaded_error").upstream_status, 529);
    EXPECT_EQ(event("brand_new_error").cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(failure_of_event("{}").upstream_status, 500);
}

}  // namespace
}  // namespace patchbay::anthropic
