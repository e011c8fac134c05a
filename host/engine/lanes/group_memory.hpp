// What the process remembers of a model group.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/lanes/lane_load.hpp"
#include "engine/lanes/retry_budget.hpp"

namespace patchbay {

/// Of the group's name; outlives the snapshot. Any thread, no locks.
struct GroupMemory {
    RetryBudget retries;
    GroupMeans means;
    std::atomic<std::int64_t> tokens{0};  ///< of all attempts under way
};

}  // namespace patchbay
