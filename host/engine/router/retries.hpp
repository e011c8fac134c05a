// How often and when an attempt is made again.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "config/config.hpp"
#include "engine/router/failure_rules.hpp"
#include "engine/surface/request_options.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// What may follow a failure within its model group.
struct RetryRight {
    int most = 0;  ///< retries of the group, those made included
    bool other = false;
    bool again = false;
};
/// The retry policies of groups that hold for a request: its key's, else the router's.
const FailurePolicies& group_policies(const RequestOptions& options,
                                      const RoutingSettings& routing);

/// By the failure's row, the plugin's hint and LiteLLM's precedence of numbers: a retry policy of
/// the group, else the router's, for this class of failure, which then may be tried again whatever
/// it is; else the request's number, the deployment's, router_settings', litellm_settings', 2.
RetryRight retry_right(const Error& error, const FailureRule& rule, std::string_view group,
                       const RequestOptions& options, const Deployment& deployment,
                       const Config& config);

/// LiteLLM's wait before the same deployments are asked again: what the provider asked for (up to
/// 60 s), else exponential from 0.5 s to 8 s and not below `least`, with jitter; `random` in [0, 1).
std::chrono::milliseconds retry_delay(std::optional<std::chrono::milliseconds> retry_after,
                                      int retry, std::chrono::milliseconds least, double random);

}  // namespace patchbay
