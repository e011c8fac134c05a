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

}  // namespace patchbay
