#include "gateway/attempt_outcome.hpp"

#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

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

}  // namespace
}  // namespace patchbay::gateway
