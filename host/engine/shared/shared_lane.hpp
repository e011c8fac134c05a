// What gateways share of one deployment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/lanes/lane_table.hpp"
#include "engine/shared/minute_share.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Used on one thread.
struct SharedLane {
    std::string id;
    LaneIndex lane = 0;
    std::optional<MinuteShare> requests;  ///< nullopt: nothing asks how many there were
    std::optional<MinuteShare> tokens;
    std::optional<MinuteShare> prompt_tokens;
    std::optional<MinuteShare> answer_tokens;
    std::uint32_t rpm = 0, tpm = 0, itpm = 0, otpm = 0;  ///< 0 = no limit
    bool rests = false;                                  ///< may it be made to rest?

    std::int64_t rest_seen =
        0;                  ///< until when it rests, as the others know it; ns of the steady clock
    std::string rest_text;  ///< what the server says of it; empty: nothing

    /// Is some count of the minute near its limit, so that the others' must be known soon?
    bool near_limit(LaneTable& table, std::uint32_t minute) const;
};

/// The deployments of a world of which something is shared, each lane once: those that may rest, those with a limit,
/// and the tokens of all where the strategy goes by them. What is known of one that was there is taken over.
std::vector<SharedLane> shared_lanes(const Snapshot& world, std::vector<SharedLane> before);

}  // namespace patchbay
