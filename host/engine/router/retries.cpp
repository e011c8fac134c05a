#include "engine/router/retries.hpp"

#include <algorithm>
#include <cmath>

namespace patchbay {

using std::chrono::milliseconds;

namespace {

constexpr int kDefaultRetries = 2;  // LiteLLM's, from OpenAI's SDK

std::optional<int> by_policy(PolicyClass cls, std::string_view group, const RequestOptions& options,
                             const RoutingSettings& routing) {
    if (cls == PolicyClass::none) return std::nullopt;
    const FailurePolicies& policies = group_policies(options, routing);
    const auto own = policies.find(group);
    if (own != policies.end()) return own->second.find(cls);
    return routing.retry_policy.find(cls);
}

}  // namespace

const FailurePolicies& group_policies(const RequestOptions& options,
                                      const RoutingSettings& routing) {
    return options.retry_policies ? *options.retry_policies : routing.group_retry_policy;
}

RetryRight retry_right(const Error& error, const FailureRule& rule, std::string_view group,
                       const RequestOptions& options, const Deployment& deployment,
                       const Config& config) {
    RetryRight right{kDefaultRetries, rule.other, rule.again != Again::no};
    if (config.litellm.num_retries) right.most = *config.litellm.num_retries;
    if (config.router.num_retries) right.most = *config.router.num_retries;
    if (deployment.num_retries) right.most = *deployment.num_retries;
    if (options.num_retries) right.most = *options.num_retries;
    if (rule.cause == Cause::ours) return right;
    switch (error.retry) {
        case RetryHint::by_class:
            break;
        case RetryHint::never:
            right.other = right.again = false;
            return right;
        case RetryHint::same:
            right.other = right.again = true;
            break;
        case RetryHint::other:
            right.other = true;
            right.again = false;
            break;
    }
    if (const auto most = by_policy(rule.policy, group, options, config.router.routing)) {
        right = {*most, true, true};
    }
    return right;
}

milliseconds retry_delay(std::optional<milliseconds> retry_after, int retry, milliseconds least,
                         double random) {
    const auto jitter = milliseconds(static_cast<std::int64_t>(750.0 * random));
    if (retry_after && retry_after->count() > 0 && *retry_after <= milliseconds(60'000)) {
        return *retry_after + jitter;
    }
    const double backoff = std::min(
        std::max(500.0 * std::pow(2.0, retry), static_cast<double>(least.count())), 8000.0);
    return milliseconds(static_cast<std::int64_t>(backoff)) + jitter;
}

}  // namespace patchbay
