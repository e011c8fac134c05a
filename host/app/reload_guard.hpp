// What a reload must not take away: a file that is half written or cut by a full disk is valid YAML
// often enough, with its tail missing, and the locks tend to stand at the tail.
#pragma once

#include <vector>

#include "config/config.hpp"

namespace patchbay::app {

/// The locks of the configuration in use that `next` has no more. Those that an error tells of can
/// only be taken away by a restart: the master key, the last guardrail that every request passes,
/// and whose plugin files may run. `file` is where the problems are placed.
std::vector<Problem> lost_locks(const Config& in_use, const Config& next, const Place& file);

}  // namespace patchbay::app
