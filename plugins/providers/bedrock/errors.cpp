// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include "failure/error_class.hpp"
#include "failure/told_failure.hpp"

namespace patchbay::bedrock {

namespace {

// LiteLLM's statuses for the client. A model that failed (424) may well answer elsewhere.
constexpr shared::StatusRule kOwnRules[] = {
    {424, 424, BAY_ERR_UPSTREAM, 0, shared::kNoRefinement, shared::kNoRefinement},
    {500, 500, BAY_ERR_UPSTREAM, 503, shared::kContext, shared::kNoRefinement},
};

// "Errors" of ConverseStream and InvokeModelWithResponseStream: in a stream there is only the name.
struct Exception {
    std::string_view name;
    int status;
};
constexpr std::array kExceptions{
    Exception{"accessDeniedException", 403},       Exception{"internalServerException", 500},
    Exception{"modelErrorException", 424},         Exception{"modelNotReadyException", 429},
    Exception{"modelStreamErrorException", 424},   Exception{"modelTimeoutException", 408},
    Exception{"resourceNotFoundException", 404},   Exception{"serviceQuotaExceededException", 429},
    Exception{"serviceUnavailableException", 503}, Exception{"throttlingException", 429},
    Exception{"validationException", 400},
};
constexpr std::string_view kQuota = "ServiceQuotaExceededException";

// AWS's words for a prompt that does not fit, beside those that others use too.
constexpr std::array<std::string_view, 4> kContextWords{
    "input is too long", "too many input tokens", "expected maxlength:", "too many tokens"};

bool is_context(int status, const shared::ErrorText& error) {
    return status == 400 &&
           std::any_of(kContextWords.begin(), kContextWords.end(), [&](std::string_view words) {
               return error.words.find(words) != std::string::npos;
           });
}

Failure failure_of(int status, std::string_view type, std::string_view body) {
    const shared::ErrorText error = shared::read_error(body);
    shared::ErrorClass cls = shared::classify(status, error, kOwnRules);
    if (is_context(status, error)) cls = {BAY_ERR_CONTEXT_LENGTH, 400};
    if (boost::algorithm::iequals(type, kQuota)) {
        cls = {BAY_ERR_QUOTA, 429, BAY_RETRY_OTHER};
    }
    return shared::told_failure(status, body, error, cls);
}

}  // namespace

Failure failure_of_answer(const bay_ev_http& done) {
    // "Name:http://..." in older services.
    auto type = bay::find(done.headers, done.header_count, "x-amzn-errortype");
    type = type.substr(0, type.find(':'));
    Failure failure = failure_of(done.status, type, bay::sv(done.data));
    failure.retry_after_ms =
        bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
    return failure;
}

Failure failure_of_exception(std::string_view type, std::string_view body) {
    const auto* known = std::find_if(
        kExceptions.begin(), kExceptions.end(),
        [&](const Exception& row) { return boost::algorithm::iequals(row.name, type); });
    return failure_of(known == kExceptions.end() ? 500 : known->status, type, body);
}

}  // namespace patchbay::bedrock
