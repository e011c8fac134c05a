// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <patchbay/sdk.hpp>

#include "failure/error_class.hpp"
#include "failure/told_failure.hpp"

namespace patchbay::anthropic {

namespace {

// Where LiteLLM tells clients something else than the status: an overloaded Anthropic is a fault of
// the server as any other.
constexpr shared::StatusRule kOwnRules[] = {
    {402, 402, BAY_ERR_QUOTA, 429, shared::kNoRefinement, shared::kNoRefinement},
    {413, 413, BAY_ERR_BAD_REQUEST, 400, shared::kContext, shared::kContext},
    {529, 529, BAY_ERR_UPSTREAM, 500, shared::kNoRefinement, shared::kNoRefinement},
};

/// `status`: of HTTP, or 0 for an error that came without one.
Failure failure_of(int status, std::string_view body) {
    const shared::ErrorText error = shared::read_error(body);
    const shared::ErrorClass cls = shared::classify(status, error, kOwnRules);
    Failure failure = shared::told_failure(status, body, error, cls);
    // A rate limit has a type of its own at the gateway.
    if (error.error_member && cls.cls != BAY_ERR_RATE_LIMIT) failure.type = error.type;
    return failure;
}

}  // namespace

Failure failure_of_status(int status, std::string_view body) {
    return failure_of(status, body);
}

Failure failure_of_answer(const bay_ev_http& done) {
    Failure failure = failure_of(done.status, bay::sv(done.data));
    failure.retry_after_ms =
        bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
    return failure;
}

Failure failure_of_event(std::string_view data) {
    return failure_of(0, data);
}

Failure failure_of_call(const bay_ev_http& done) {
    Failure failure;
    failure.upstream_status = done.status;
    const auto what = bay::sv(done.error);
    switch (done.failure) {
        case BAY_FAIL_CONNECT:
            failure.message = "Connection to Anthropic failed";
            break;
        case BAY_FAIL_TIMEOUT:
            failure.cls = BAY_ERR_TIMEOUT;
            failure.message = "Anthropic did not answer in time";
            break;
        case BAY_FAIL_RESET:
            failure.message = "Anthropic broke the connection off";
            break;
        case BAY_FAIL_FRAMING:
            failure.message = "Unreadable answer from Anthropic";
            break;
        case BAY_FAIL_LIMIT:
            failure.message = "The answer from Anthropic is too long";
            break;
        case BAY_FAIL_DENIED:
            failure.retry = BAY_RETRY_OTHER;
            failure.message = "The endpoint is not on the list of permitted ones";
            break;
        default:
            failure.message = "The call to Anthropic failed";
            break;
    }
    if (!what.empty()) failure.message.append(": ").append(what);
    return failure;
}

}  // namespace patchbay::anthropic
