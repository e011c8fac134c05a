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

/// Takes those out that have used up their minute, or have no room left in it for such a call: all of
/// them must keep within `rpm`, `tpm`, `itpm` and `otpm` where the strategy says so, or
/// `enforce_model_rate_limits`; elsewhere they are only the second choice, and stay in if nobody else
/// is there.
void keep_within_rates(const GroupTables& group, const RoutingSettings& settings, const Now& now,
                       const TokenNeed& need, LaneSet& usable);
/// Must they?
bool rates_are_limits(const GroupTables& group, const RoutingSettings& settings);
/// `always`: they must, or somebody does.
void keep_within_rates(const GroupTables& group, bool always, const Now& now, const TokenNeed& need,
                       LaneSet& usable);
/// Takes those out that have `max_parallel_requests` under way.
void keep_within_slots(const GroupTables& group, LaneSet& usable);

}  // namespace patchbay
