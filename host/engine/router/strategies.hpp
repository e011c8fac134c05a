// Which of the deployments that may be asked is asked (`routing_strategy`).
#pragma once

#include "engine/router/choice.hpp"

namespace patchbay {

/// A place of `usable`. The same state and draw give the same place. No allocation, no lock; below
/// a microsecond for a thousand deployments.
std::size_t pick(const Choice& choice, Draw& draw);

/// Does the strategy go by what plans tell of loads, times and failures (LaneLoad)?
bool learns(Strategy strategy);
/// Does it look at the beginnings of prompts?
bool wants_prefix(Strategy strategy);

/// Takes those out that have used up their minute: all of them must keep within `rpm` and `tpm`
/// where the strategy says so, or `enforce_model_rate_limits`; elsewhere they are only the second
/// choice, and stay in if nobody else is there.
void keep_within_rates(const GroupTables& group, const RoutingSettings& settings, const Now& now,
                       LaneSet& usable);
/// Must they?
bool rates_are_limits(const RoutingSettings& settings);
/// `always`: they must, or somebody does.
void keep_within_rates(const GroupTables& group, bool always, const Now& now, LaneSet& usable);
/// Takes those out that have `max_parallel_requests` under way.
void keep_within_slots(const GroupTables& group, LaneSet& usable);

}  // namespace patchbay
