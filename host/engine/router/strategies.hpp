// Which of the deployments that may be asked is asked (`routing_strategy`).
#pragma once

#include "config/routing.hpp"
#include "engine/lanes/draw.hpp"
#include "engine/lanes/group_tables.hpp"

namespace patchbay {

/// What a strategy chooses from.
struct Choice {
    const GroupTables& group;
    const LaneSet& usable;  ///< not empty
    const RoutingSettings& settings;
    Now now;
    bool stream = false;
};

/// A place of `usable`. The same state and draw give the same place. No allocation, no lock; below
/// a microsecond for a thousand deployments.
std::size_t pick(const Choice& choice, Draw& draw);

/// Takes those out that have used up their minute: all of them must keep within `rpm` and `tpm`
/// where the strategy says so, or `enforce_model_rate_limits`; elsewhere they are only the second
/// choice, and stay in if nobody else is there.
void keep_within_rates(const GroupTables& group, const RoutingSettings& settings, const Now& now,
                       LaneSet& usable);
/// Takes those out that have `max_parallel_requests` under way.
void keep_within_slots(const GroupTables& group, LaneSet& usable);

}  // namespace patchbay
