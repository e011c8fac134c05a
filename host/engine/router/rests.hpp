// When a deployment is taken out of routing for a while, and how it comes back (LiteLLM's
// cooldowns).
//
// A rest has an end. Then one call, its probe, may go there: if it is answered the deployment is
// back, if it fails the rest is twice as long. What is the client's own doing never counts.
#pragma once

#include <chrono>
#include <optional>

#include "config/routing.hpp"
#include "engine/lanes/lane_table.hpp"
#include "engine/router/failure_rules.hpp"

namespace patchbay {

/// Does a lane take calls?
enum class Awake : std::uint8_t {
    yes,
    probe,  ///< its rest is over; the next call is its probe, if take_probe() says so
    no,
};
Awake awake(LaneTable& table, LaneIndex lane, const Now& now);

/// True for one caller: the probe is its. It lasts until note_good(), note_failure() or
/// give_back(), and ten minutes at most.
bool take_probe(LaneTable& table, LaneIndex lane, const Now& now);
/// The probe ended without saying anything of the lane: somebody else may take it.
void give_back(LaneTable& table, LaneIndex lane);

/// How long until it takes calls again; 0 = it does.
std::chrono::milliseconds rest_left(LaneTable& table, LaneIndex lane, const Now& now);

/// Another gateway made the lane rest, for so long from now on. A rest of this one's that lasts longer stays.
/// Until when it rests now, if that was changed; else 0.
std::int64_t learn_rest(LaneTable& table, LaneIndex lane, std::chrono::milliseconds left,
                        const Now& now);

/// An attempt was answered, well or with what is the client's fault.
void note_good(LaneTable& table, LaneIndex lane, const Now& now, bool probe);

/// What a failure says of the lane.
struct LaneFailure {
    Cause cause = Cause::upstream;
    std::optional<std::chrono::milliseconds> retry_after;  ///< as the provider has it
    bool company = false;           ///< is there somewhere else to go: another lane, a fallback?
    bool probe = false;             ///< the attempt was its probe
    bool may_rest = true;           ///< false: it stands for any model of its provider, or
                                    ///< the client's own limit of time was too short
    std::int64_t cooldown_ms = -1;  ///< of the deployment; -1 = the router's
    const AllowedFails* own = nullptr;  ///< of the deployment; null: it has none
};
/// Counts it, and makes the lane rest if it must. True: it rests now. A class of failures that the
/// deployment's own policy names counts whatever it is, the client's doing, too, and makes it rest
/// also where there is no company.
bool note_failure(LaneTable& table, LaneIndex lane, const LaneFailure& failure,
                  const RoutingSettings& settings, const Now& now);

}  // namespace patchbay
