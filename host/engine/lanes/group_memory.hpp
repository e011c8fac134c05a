// What the process remembers of a model group.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "engine/lanes/gate.hpp"
#include "engine/lanes/hedges.hpp"
#include "engine/lanes/lane_load.hpp"
#include "engine/lanes/retry_budget.hpp"

namespace patchbay {

/// Of the group's name; outlives the snapshot. Any thread, no locks but that of the queue.
struct GroupMemory {
    RetryBudget retries;
    Gate gate;  ///< who waits for a deployment
    GroupMeans means;
    std::atomic<std::int64_t> tokens{0};  ///< of all attempts under way

    /// Of groups that hedge; made with the first call. For who builds snapshots.
    Hedges& hedges() {
        std::call_once(once_, [&] { hedges_ = std::make_unique<Hedges>(); });
        return *hedges_;
    }

  private:
    std::once_flag once_;
    std::unique_ptr<Hedges> hedges_;
};

}  // namespace patchbay
