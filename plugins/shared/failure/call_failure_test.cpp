#include "call_failure.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

struct CallFailureCase {
    std::uint32_t failure;
    std::string_view message;
    std::uint32_t cls;
    std::uint32_t retry;
};

TEST(CallFailure, SaysWhatHappenedAndToWhom) {
    constexpr CallFailureCase kCases[] = {
        {BAY_FAIL_CONNECT, "Connection to Google failed: why", BAY_ERR_UPSTREAM, 0},
        {BAY_FAIL_TIMEOUT, "Google did not answer in time: why", BAY_ERR_TIMEOUT, 0},
        {BAY_FAIL_RESET, "Google broke the connection off: why", BAY_ERR_UPSTREAM, 0},
        {BAY_FAIL_FRAMING, "Unreadable answer from Google: why", BAY_ERR_UPSTREAM, 0},
        {BAY_FAIL_LIMIT, "The answer from Google is too long: why", BAY_ERR_UPSTREAM, 0},
        {BAY_FAIL_DENIED, "The endpoint of Google is not on the list of permitted ones: why",
         BAY_ERR_UPSTREAM, BAY_RETRY_OTHER},
        {999, "The call to Google failed: why", BAY_ERR_UPSTREAM, 0},
    };
    for (const CallFailureCase& one : kCases) {
        bay_ev_http done{};
        done.failure = one.failure;
        done.status = 200;
        done.error = {"why", 3};
        const Failure failure = failure_of_call(done, "Google");
        EXPECT_EQ(failure.message, one.message);
        EXPECT_EQ(failure.cls, one.cls) << one.message;
        EXPECT_EQ(failure.retry, one.retry) << one.message;
        EXPECT_EQ(failure.upstream_status, 200);
    }
}

}  // namespace
}  // namespace patchbay::shared
