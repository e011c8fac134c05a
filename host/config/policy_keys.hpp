// Keys that give numbers by how an attempt failed: retries, and failures that are allowed before a rest.
#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

/// `retry_policy`: `{TimeoutErrorRetries: 3, ...}`.
void read_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `model_group_retry_policy`: the same by model group.
void read_group_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings);
/// `allowed_fails_policy`: `{TimeoutErrorAllowedFails: 3, ...}`.
void read_allowed_fails_policy(Reader& reader, const Entry& entry, RouterSettings& settings);

/// The members of a `model_info` that say when its deployment rests: `allowed_fails`,
/// `allowed_fails_policy`, `cooldown_time`. The others are passed over.
void read_model_rests(Reader& reader, const Entry& model_info, DeploymentConfig& deployment);

/// `litellm_params.allowed_fails` and `allowed_fails_policy`, which nobody reads there: a warning.
void tell_misplaced_fails(Reader& reader, const Entry& entry, DeploymentConfig& deployment);

}  // namespace patchbay
