#include "engine/call/failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::HasSubstr;
using testing::Not;

Deployment failing_deployment() {
    Deployment d;
    d.provider = "openai";
    d.api_key = Secret(std::string("sk-upstream"));
    return d;
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

TEST(Clean, the_deployments_key_is_taken_out_wherever_it_stands) {
    const Deployment d = failing_deployment();
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
    Deployment d = failing_deployment();
    d.api_key = Secret(std::string("redacted"));
    Error e;
    e.message = "a redacted key";
    clean(e, {&d.api_key, 1});
    EXPECT_EQ(e.message, "a [redacted] key");
}

TEST(Clean, text_is_made_utf8_of_bounded_length) {
    const Deployment d = failing_deployment();
    Error e;
    e.message = "a\xff" + std::string(100'000, 'x');
    e.upstream_body = "\xc3";
    clean(e, {&d.api_key, 1});
    EXPECT_LT(e.message.size(), 8300u);
    EXPECT_THAT(e.message, testing::StartsWith("a\xef\xbf\xbd"));
    EXPECT_THAT(e.upstream_body, Not(HasSubstr("\xc3")));
    EXPECT_NO_THROW(error_json(e));
}

}  // namespace
}  // namespace patchbay
