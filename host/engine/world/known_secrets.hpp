// The secrets that the gateway itself knows, for texts that must not show them.
#pragma once

#include <vector>

#include "config/secret.hpp"

namespace patchbay {

struct Snapshot;

/// The master key, the keys of all deployments and what stands under secret names in the settings
/// of deployments, guardrails and log sinks; each once.
std::vector<Secret> known_secrets(const Snapshot& snapshot);

}  // namespace patchbay
