#include "error_class.hpp"

#include <algorithm>

namespace patchbay::shared {

namespace {

constexpr unsigned kRefusal = kAccount | kKey | kContext | kPolicy;

// The statuses for the client are LiteLLM's.
constexpr StatusRule kRules[] = {
    {0, 0, BAY_ERR_UPSTREAM, 500, kAnyRefinement, kAnyRefinement},
    {300, 399, BAY_ERR_UPSTREAM, 502, kNoRefinement, kNoRefinement},
    {400, 400, BAY_ERR_BAD_REQUEST, 0, kRefusal | kModel, kRefusal},
    {401, 401, BAY_ERR_AUTH, 0, kAccount, kAccount},
    {402, 402, BAY_ERR_QUOTA, 0, kNoRefinement, kNoRefinement},
    {403, 403, BAY_ERR_PERMISSION, 0, kAccount | kPolicy, kAccount | kPolicy},
    {404, 404, BAY_ERR_NOT_FOUND, 0, kNoRefinement, kNoRefinement},
    {408, 408, BAY_ERR_TIMEOUT, 0, kNoRefinement, kNoRefinement},
    {409, 409, BAY_ERR_UPSTREAM, 0, kNoRefinement, kNoRefinement},
    // Groq tells a limit of tokens a minute that one request is above with 413.
    {413, 413, BAY_ERR_BAD_REQUEST, 0, kContext | kRateLimit, kContext},
    {422, 422, BAY_ERR_BAD_REQUEST, 0, kRefusal | kModel, kRefusal},
    {429, 429, BAY_ERR_RATE_LIMIT, 0, kAccount, kAccount},
    {400, 499, BAY_ERR_BAD_REQUEST, 0, kAccount, kAccount},
    {504, 504, BAY_ERR_TIMEOUT, 0, kNoRefinement, kNoRefinement},
    {500, 599, BAY_ERR_UPSTREAM, 0, kAccount | kContext, kNoRefinement},
};
constexpr StatusRule kOther{0, 999, BAY_ERR_UPSTREAM, 502, kNoRefinement, kNoRefinement};

const StatusRule* find(std::span<const StatusRule> rules, int status) {
    const auto found = std::find_if(rules.begin(), rules.end(), [&](const StatusRule& rule) {
        return status >= rule.first && status <= rule.last;
    });
    return found != rules.end() ? &*found : nullptr;
}

ErrorClass refined(unsigned refinement, int status) {
    switch (refinement) {
        case kAccount:
            // Told as a rate limit it may pass, and is treated as one; else this deployment is out.
            return {BAY_ERR_QUOTA, 429, status == 429 ? BAY_RETRY_BY_CLASS : BAY_RETRY_OTHER};
        case kKey:
            return {BAY_ERR_AUTH, 401};
        case kContext:
            return {BAY_ERR_CONTEXT_LENGTH, 400};
        case kPolicy:
            return {BAY_ERR_CONTENT_POLICY, 400};
        case kModel:
            return {BAY_ERR_NOT_FOUND, 404};
        case kRateLimit:
            return {BAY_ERR_RATE_LIMIT, 429, status == 413 ? BAY_RETRY_OTHER : BAY_RETRY_BY_CLASS};
        case kTimeout:
            return {BAY_ERR_TIMEOUT, 408};
        default:
            return {BAY_ERR_UPSTREAM, 503};
    }
}

/// What the error says of its status; 0 if nothing.
int own_status(int status, const ErrorText& error) {
    if (status != 0) return status;
    return error.status != 0 ? error.status : status_by_name(error);
}

}  // namespace

int status_of(int status, const ErrorText& error) {
    const int own = own_status(status, error);
    return own != 0 ? own : 500;
}

ErrorClass classify(int status, const ErrorText& error, std::span<const StatusRule> own) {
    status = own_status(status, error);
    const StatusRule* rule = find(own, status);
    if (rule == nullptr) rule = find(kRules, status);
    if (rule == nullptr) rule = &kOther;
    unsigned refinement = refinement_by_name(error, rule->by_name);
    if (refinement == kNoRefinement) refinement = refinement_by_words(error, rule->by_words);
    if (refinement != kNoRefinement) return refined(refinement, status);
    const bool elsewhere = rule->cls == BAY_ERR_QUOTA;
    return {rule->cls, rule->http_status != 0 ? rule->http_status : status,
            elsewhere ? BAY_RETRY_OTHER : BAY_RETRY_BY_CLASS};
}

}  // namespace patchbay::shared
