#include "engine/call/failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

Deployment deployment_of() {
    Deployment d;
    d.provider = "openai";
    d.api_key = Secret(std::string("sk-upstream"));
    return d;
}

Error error_of(ErrorClass cls, RetryHint hint = RetryHint::by_class) {
    Error e;
    e.cls = cls;
    e.retry = hint;
    return e;
}

class CountForTrialTest : public testing::Test {
  protected:
    CountForTrialTest() {
        deployment.canary = std::make_unique<Deployment>();
        deployment.trial = std::make_shared<CanaryTrial>(CanaryTrial::Stats{}, [] {});
    }
    /// Errors that the trial counts for this one, in the new version.
    std::uint64_t counted(ErrorClass cls, int status = 0) {
        Error error;
        error.cls = cls;
        error.http_status = status;
        const auto before = deployment.trial->new_version();
        count_for_trial(deployment, *deployment.canary, options, error);
        const auto now = deployment.trial->new_version();
        EXPECT_EQ(now.calls - before.calls, now.errors - before.errors);
        return now.errors - before.errors;
    }

    Deployment deployment;
    RequestOptions options;
};

TEST_F(CountForTrialTest, what_an_upstream_or_the_version_did_counts) {
    EXPECT_EQ(counted(ErrorClass::upstream), 1u);
    EXPECT_EQ(counted(ErrorClass::bad_request), 1u) << "the version may have made it so";
    EXPECT_EQ(counted(ErrorClass::timeout), 1u) << "the operator's";
    count_for_trial(deployment, deployment, options, std::nullopt);
    EXPECT_EQ(deployment.trial->old_version().calls, 1u);
    EXPECT_EQ(deployment.trial->old_version().errors, 0u);
}

TEST_F(CountForTrialTest, what_is_the_clients_own_doing_does_not) {
    EXPECT_EQ(counted(ErrorClass::unknown, 499), 0u) << "it left";
    EXPECT_EQ(counted(ErrorClass::bad_request, 413), 0u) << "it sent too much";
    options.timeout = std::chrono::milliseconds(1);
    EXPECT_EQ(counted(ErrorClass::timeout), 0u);
    EXPECT_EQ(counted(ErrorClass::upstream), 1u) << "with such a timeout, too";
    options.timeout.reset();
    options.stream_timeout = std::chrono::milliseconds(1);
    EXPECT_EQ(counted(ErrorClass::timeout), 0u);
}

TEST(Retries, request_goes_before_deployment_before_router_before_settings) {
    Deployment d = deployment_of();
    Config config;
    RequestOptions options;
    EXPECT_EQ(retries_allowed(options, d, config), 2);
    config.litellm.num_retries = 3;
    EXPECT_EQ(retries_allowed(options, d, config), 3);
    config.router.num_retries = 4;
    EXPECT_EQ(retries_allowed(options, d, config), 4);
    d.num_retries = 5;
    EXPECT_EQ(retries_allowed(options, d, config), 5);
    options.num_retries = 0;
    EXPECT_EQ(retries_allowed(options, d, config), 0);
}

TEST(Retries, which_failures_may_be_tried_again) {
    for (const auto cls : {ErrorClass::rate_limit, ErrorClass::timeout, ErrorClass::overloaded,
                           ErrorClass::upstream, ErrorClass::unknown, ErrorClass::quota}) {
        EXPECT_TRUE(may_retry(error_of(cls), 1)) << static_cast<int>(cls);
        EXPECT_FALSE(may_retry(error_of(cls, RetryHint::never), 2));
    }
    for (const auto cls :
         {ErrorClass::bad_request, ErrorClass::not_found, ErrorClass::context_length,
          ErrorClass::content_policy, ErrorClass::unsupported}) {
        EXPECT_FALSE(may_retry(error_of(cls), 2)) << static_cast<int>(cls);
        EXPECT_TRUE(may_retry(error_of(cls, RetryHint::same), 1));
    }
    for (const auto cls : {ErrorClass::quota, ErrorClass::rate_limit, ErrorClass::bad_request}) {
        EXPECT_TRUE(may_retry(error_of(cls, RetryHint::other), 2)) << static_cast<int>(cls);
        EXPECT_FALSE(may_retry(error_of(cls, RetryHint::other), 1)) << "there is no other";
    }
    for (const auto cls : {ErrorClass::authentication, ErrorClass::permission}) {
        EXPECT_FALSE(may_retry(error_of(cls), 1));
        EXPECT_TRUE(may_retry(error_of(cls), 2));
        EXPECT_FALSE(may_retry(error_of(cls, RetryHint::never), 2));
    }
}

TEST(Retries, the_wait_grows_to_eight_seconds) {
    const Error e = error_of(ErrorClass::upstream);
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 500ms);
    EXPECT_EQ(retry_delay(e, false, 1, 0ms, 0.0), 1000ms);
    EXPECT_EQ(retry_delay(e, false, 4, 0ms, 0.0), 8000ms);
    EXPECT_EQ(retry_delay(e, false, 100, 0ms, 0.0), 8000ms);
    EXPECT_EQ(retry_delay(e, false, 0, 3s, 0.0), 3000ms);
    EXPECT_GT(retry_delay(e, false, 0, 0ms, 0.9), 500ms);
    EXPECT_LT(retry_delay(e, false, 0, 0ms, 0.9999), 1250ms);
    EXPECT_EQ(retry_delay(e, true, 3, 3s, 0.9), 0ms) << "another deployment is tried at once";
}

TEST(Retries, the_provider_says_how_long_to_wait_within_a_minute) {
    Error e = error_of(ErrorClass::rate_limit);
    e.retry_after = 7s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 7s);
    e.retry_after = 60s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 60s);
    e.retry_after = 61s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 500ms);
    e.retry_after = 0s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 500ms);
}

TEST(Clean, the_deployments_key_is_taken_out_wherever_it_stands) {
    const Deployment d = deployment_of();
    Error e;
    e.message = "bad key sk-upstream, sk-upstreamsk-upstream";
    e.type = "sk-upstream";
    e.param = "x sk-upstream";
    e.upstream_body = R"({"key":"sk-upstream"})";
    clean(e, {&d.api_key, 1});
    EXPECT_EQ(e.message, "bad key [redacted], [redacted][redacted]");
    for (const std::string& text : {e.message, e.type, e.param, e.upstream_body}) {
        EXPECT_THAT(text, Not(HasSubstr("sk-upstream")));
    }
}

TEST(Clean, a_key_that_the_replacement_holds_is_taken_out_too) {
    Deployment d = deployment_of();
    d.api_key = Secret(std::string("redacted"));
    Error e;
    e.message = "a redacted key";
    clean(e, {&d.api_key, 1});
    EXPECT_EQ(e.message, "a [redacted] key");
}

TEST(Clean, text_is_made_utf8_of_bounded_length) {
    const Deployment d = deployment_of();
    Error e;
    e.message = "a\xff" + std::string(100'000, 'x');
    e.upstream_body = "\xc3";
    clean(e, {&d.api_key, 1});
    EXPECT_LT(e.message.size(), 8300u);
    EXPECT_THAT(e.message, testing::StartsWith("a\xef\xbf\xbd"));
    EXPECT_THAT(e.upstream_body, Not(HasSubstr("\xc3")));
    EXPECT_NO_THROW(error_json(e));
}

TEST(ForClient, says_it_in_litellms_words) {
    const Deployment d = deployment_of();
    Error e = error_of(ErrorClass::rate_limit);
    e.message = "slow down";
    e.code = "x";
    const Error first = for_client(e, d, "chat", 0, 2);
    EXPECT_EQ(first.message,
              "litellm.RateLimitError: OpenAIException - slow down. Received Model Group=chat");
    EXPECT_EQ(first.type, "throttling_error");
    EXPECT_EQ(first.code, "");
    EXPECT_THAT(for_client(e, d, "chat", 1, 2).message,
                EndsWith(" LiteLLM Retried: 1 times, LiteLLM Max Retries: 2"));
    e.cls = ErrorClass::bad_request;
    e.type = "own";
    EXPECT_EQ(for_client(e, d, "chat", 0, 2).type, "own");
}

}  // namespace
}  // namespace patchbay
