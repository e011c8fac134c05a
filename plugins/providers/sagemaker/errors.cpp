// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <algorithm>
#include <patchbay/sdk.hpp>
#include <string>

#include <boost/json.hpp>

#include "failure/error_class.hpp"
#include "failure/told_failure.hpp"
#include "json/access.hpp"

namespace patchbay::sagemaker {

namespace json = boost::json;

namespace {

// LiteLLM's statuses for the client. A model that failed (424) may well answer elsewhere.
constexpr shared::StatusRule kOwnRules[] = {
    {424, 424, BAY_ERR_UPSTREAM, 0, shared::kContext, shared::kContext},
    {500, 500, BAY_ERR_UPSTREAM, 503, shared::kContext, shared::kNoRefinement},
};

// "Errors" of InvokeEndpointWithResponseStream: in a stream there is only the name.
struct Exception {
    std::string_view name;
    int status;
};
constexpr Exception kExceptions[] = {{"ModelStreamError", 424}, {"InternalStreamFailure", 500}};

// ModelError: what the container answered stands in members of its own.
constexpr int kModelError = 424;

shared::Failure failure_of(int status, std::string_view body) {
    const auto parsed = shared::parse_json(body);
    const json::object* told = parsed ? parsed->if_object() : nullptr;
    const auto original = static_cast<int>(shared::count(told, "OriginalStatusCode"));
    const std::string_view words = shared::text(told, "OriginalMessage");
    const bool model = status == kModelError && original >= 400 && original <= 599;
    // AWS writes "Message".
    const std::string_view message = shared::text(told, "Message");
    shared::ErrorText error = shared::read_error(model && !words.empty() ? words
                                                 : message.empty()       ? body
                                                                         : message);
    const auto cls = shared::classify(model ? original : status, error, kOwnRules);
    return shared::told_failure(status, body, error, cls);
}

}  // namespace

shared::Failure failure_of_answer(const bay_ev_http& done) {
    shared::Failure failure = failure_of(done.status, bay::sv(done.data));
    failure.retry_after_ms =
        bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
    return failure;
}

shared::Failure failure_of_exception(std::string_view type, std::string_view body) {
    const auto* known = std::find_if(std::begin(kExceptions), std::end(kExceptions),
                                     [&](const Exception& row) { return row.name == type; });
    return failure_of(known == std::end(kExceptions) ? 500 : known->status, body);
}

}  // namespace patchbay::sagemaker
