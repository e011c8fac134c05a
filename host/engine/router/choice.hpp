// What a strategy chooses from.
#pragma once

#include <string>

#include "config/routing.hpp"
#include "engine/lanes/draw.hpp"
#include "engine/lanes/group_tables.hpp"
#include "engine/router/open_lanes.hpp"
#include "engine/surface/prefix_keys.hpp"

namespace patchbay {

/// One choice of one call. Views, on the call's loop.
struct Choice {
    const GroupTables& group;
    const LaneSet& usable;  ///< not empty; by `open`
    const RoutingSettings& settings;
    Now now;
    bool stream = false;
    std::int64_t prompt_tokens = 0;  ///< an estimate
    std::int64_t answer_tokens =
        0;  ///< at most so many, as the client wants it; 0 = it does not say
    const PrefixKeys* keys = nullptr;  ///< null: the prompt was not looked at
    std::uint64_t owner = 0;           ///< of `deployment_affinity`: whose call it is; 0 = nobody's
    std::string* why = nullptr;        ///< gets the reason in words; null = nobody asks
    OpenLanes* open = nullptr;         ///< null: each of `usable` takes calls

    /// Of the group.
    const StrategySettings& strategy() const { return group.own.strategy_or(settings); }
    const AffinitySettings& affinity() const { return group.own.affinity_or(settings); }

    bool may_take(std::size_t place) const {
        return usable.test(place) && (open == nullptr || open->takes(place));
    }
    /// Takes those out of `usable` that take no calls.
    void settle() const {
        if (open) open->settled();
    }
};

/// simple-shuffle: at random by weight. A place of `usable`.
std::size_t shuffle(const Choice& choice, Draw& draw);

}  // namespace patchbay
