// What is noted of an attempt when it has ended.
#pragma once

#include <optional>

#include "engine/error.hpp"
#include "engine/router/deployment.hpp"
#include "gateway/call.hpp"

namespace patchbay::gateway {

/// Writes the failure of the attempt at call.deployment into the process's log.
void log_failure(const Call& call, const Error& error);

/// What became of an attempt tells how good its version of the plugin is, unless the client left.
/// `chosen` is the deployment, `version` what it was sent to: `chosen` itself or its canary.
void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const std::optional<Error>& failed);

}  // namespace patchbay::gateway
