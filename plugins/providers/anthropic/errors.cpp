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

}  // namespace patchbay::anthropic
