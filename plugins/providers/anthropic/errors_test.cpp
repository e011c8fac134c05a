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

TEST_P(ErrorTree, SortsByTextThenStatus) {
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
        Case{400, "invalid_request_error", "bad", BAY_ERR_BAD_REQUEST, 0},
        Case{400, "invalid_request_error", "prompt is too long: 9 > 8", BAY_ERR_CONTEXT_LENGTH, 0},
        Case{400, "invalid_request_error", "prompt: length: 1..2", BAY_ERR_CONTEXT_LENGTH, 0},
        Case{400, "invalid_request_error", "Output blocked by content filtering policy",
             BAY_ERR_CONTENT_POLICY, 0},
        Case{401, "authentication_error", "invalid x-api-key", BAY_ERR_AUTH, 0},
        Case{400, "x", "Invalid API Key", BAY_ERR_AUTH, 0},
        Case{402, "billing_error", "pay", BAY_ERR_QUOTA, 0},
        Case{403, "permission_error", "no", BAY_ERR_PERMISSION, 0},
        Case{404, "not_found_error", "model: x", BAY_ERR_NOT_FOUND, 0},
        Case{408, "timeout_error", "slow", BAY_ERR_TIMEOUT, 0},
        Case{413, "request_too_large", "big", BAY_ERR_BAD_REQUEST, 0},
        Case{422, "x", "y", BAY_ERR_BAD_REQUEST, 422},
        Case{429, "rate_limit_error", "slow down", BAY_ERR_RATE_LIMIT, 0},
        Case{500, "api_error", "oops", BAY_ERR_UPSTREAM, 500},
        Case{502, "x", "y", BAY_ERR_UPSTREAM, 502}, Case{503, "x", "y", BAY_ERR_UPSTREAM, 503},
        Case{504, "x", "y", BAY_ERR_TIMEOUT, 0},
        Case{529, "overloaded_error", "Overloaded", BAY_ERR_UPSTREAM, 500},
        Case{418, "x", "y", BAY_ERR_UPSTREAM, 0}));

TEST(Errors, TypeIsTheProvidersExceptForRateLimits) {
    EXPECT_EQ(failure_of_status(404, body_of("not_found_error", "m")).type, "not_found_error");
    EXPECT_EQ(failure_of_status(429, body_of("rate_limit_error", "m")).type, "");
    EXPECT_EQ(failure_of_status(500, "<html>").type, "");
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
    const auto event = [](std::string_view type) {
        const auto data = body_of(type, "m");
        return failure_of_event(parse_json(data)->get_object(), data);
    };
    EXPECT_EQ(event("rate_limit_error").cls, BAY_ERR_RATE_LIMIT);
    EXPECT_EQ(event("overloaded_error").http_status, 500);
    EXPECT_EQ(event("overloaded_error").upstream_status, 529);
    EXPECT_EQ(event("brand_new_error").cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(failure_of_event({}, "{}").upstream_status, 500);
}

TEST(Errors, FailedCalls) {
    bay_ev_http done{};
    done.failure = BAY_FAIL_TIMEOUT;
    EXPECT_EQ(failure_of_call(done).cls, BAY_ERR_TIMEOUT);
    done.failure = BAY_FAIL_CONNECT;
    done.error = bay::str("refused");
    EXPECT_EQ(failure_of_call(done).cls, BAY_ERR_UPSTREAM);
    EXPECT_EQ(failure_of_call(done).message, "Connection to Anthropic failed: refused");
    done.failure = BAY_FAIL_DENIED;
    EXPECT_EQ(failure_of_call(done).retry, BAY_RETRY_OTHER);
}

TEST(Errors, RetryAfter) {
    const auto after = [](std::string_view name, std::string_view value) {
        const bay_kv header{bay::str(name), bay::str(value)};
        return retry_after_ms(&header, 1);
    };
    EXPECT_EQ(after("retry-after", "12"), 12000u);
    EXPECT_EQ(after("retry-after", "0.5"), 500u);
    EXPECT_EQ(after("retry-after-ms", "1500"), 1500u);
    EXPECT_EQ(after("retry-after", "1e99"), 86400000u);
    EXPECT_EQ(after("retry-after", "-1"), 0u);
    EXPECT_EQ(after("retry-after", "nan"), 0u);
    EXPECT_EQ(after("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"), 0u);
    EXPECT_EQ(retry_after_ms(nullptr, 0), 0u);
}

}  // namespace
}  // namespace patchbay::anthropic
