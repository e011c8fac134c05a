#include "engine/router/retries.hpp"

#include <gtest/gtest.h>

#include "engine/router/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::error_of;

RetryRight right_of(const Error& error, const Config& config = {},
                    const RequestOptions& options = {}, const Deployment& d = {}) {
    return retry_right(error, rule_of(cause_of(error)), "g", options, d, config);
}

TEST(Retries, request_goes_before_deployment_before_router_before_settings) {
    const Error error = test::broken();
    Deployment d;
    Config config;
    RequestOptions options;
    EXPECT_EQ(right_of(error, config, options, d).most, 2);
    config.litellm.num_retries = 3;
    EXPECT_EQ(right_of(error, config, options, d).most, 3);
    config.router.num_retries = 4;
    EXPECT_EQ(right_of(error, config, options, d).most, 4);
    d.num_retries = 5;
    EXPECT_EQ(right_of(error, config, options, d).most, 5);
    options.num_retries = 0;
    EXPECT_EQ(right_of(error, config, options, d).most, 0);
}

TEST(Retries, a_policy_stands_for_the_number_and_the_rule) {
    Config config;
    config.router.num_retries = 4;
    auto& routing = config.router.routing;
    routing.retry_policy.of[static_cast<std::size_t>(PolicyClass::bad_request)] = 1;
    routing.retry_policy.of[static_cast<std::size_t>(PolicyClass::internal_server)] = 7;
    const RetryRight bad = right_of(error_of(ErrorClass::bad_request), config);
    EXPECT_EQ(bad.most, 1);
    EXPECT_TRUE(bad.other && bad.again);
    EXPECT_EQ(right_of(test::broken(), config).most, 7);
    EXPECT_EQ(right_of(error_of(ErrorClass::timeout), config).most, 4) << "of which it is silent";
    routing.group_retry_policy["g"].of[static_cast<std::size_t>(PolicyClass::timeout)] = 0;
    EXPECT_EQ(right_of(error_of(ErrorClass::timeout), config).most, 0);
    EXPECT_EQ(right_of(test::broken(), config).most, 4) << "the group's own is the whole policy";
}

TEST(Retries, what_the_plugin_says_goes_before_the_row) {
    struct Row {
        ErrorClass cls;
        RetryHint hint;
        bool other, again;
    };
    for (const Row& row : {Row{ErrorClass::bad_request, RetryHint::by_class, false, false},
                           Row{ErrorClass::bad_request, RetryHint::same, true, true},
                           Row{ErrorClass::bad_request, RetryHint::other, true, false},
                           Row{ErrorClass::rate_limit, RetryHint::never, false, false},
                           Row{ErrorClass::rate_limit, RetryHint::by_class, true, true},
                           Row{ErrorClass::authentication, RetryHint::by_class, true, false}}) {
        Error error = error_of(row.cls);
        error.retry = row.hint;
        const RetryRight right = right_of(error);
        EXPECT_EQ(right.other, row.other) << static_cast<int>(row.cls);
        EXPECT_EQ(right.again, row.again) << static_cast<int>(row.cls);
    }
}

TEST(Retries, the_wait_grows_to_eight_seconds) {
    EXPECT_EQ(retry_delay({}, 0, 0ms, 0.0), 500ms);
    EXPECT_EQ(retry_delay({}, 1, 0ms, 0.0), 1000ms);
    EXPECT_EQ(retry_delay({}, 4, 0ms, 0.0), 8000ms);
    EXPECT_EQ(retry_delay({}, 100, 0ms, 0.0), 8000ms);
    EXPECT_EQ(retry_delay({}, 0, 3s, 0.0), 3000ms);
    EXPECT_GT(retry_delay({}, 0, 0ms, 0.9), 500ms);
    EXPECT_LT(retry_delay({}, 0, 0ms, 0.9999), 1250ms);
}

TEST(Retries, the_provider_says_how_long_to_wait_within_a_minute) {
    EXPECT_EQ(retry_delay(7s, 0, 0ms, 0.0), 7s);
    EXPECT_EQ(retry_delay(60s, 0, 0ms, 0.0), 60s);
    EXPECT_EQ(retry_delay(61s, 0, 0ms, 0.0), 500ms);
    EXPECT_EQ(retry_delay(0s, 0, 0ms, 0.0), 500ms);
}

}  // namespace
}  // namespace patchbay
