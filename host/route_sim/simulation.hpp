// One strategy on one scenario, in virtual time: the gateway's own Plan and LaneTable, driven by a
// heap of events in place of sockets and a clock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/routing.hpp"
#include "route_sim/workload.hpp"

namespace patchbay::sim {

/// What is compared: a strategy, with or without second attempts.
struct Contender {
    std::string name;  ///< "p2c-ewma+hedge"
    Strategy strategy = Strategy::simple_shuffle;
    bool hedge = false;
};

/// nullopt: there is no such strategy.
std::optional<Contender> contender_of(std::string_view name);
/// All of them, LiteLLM's first.
const std::vector<std::string>& contender_names();

struct Score {
    double p50 = 0;  ///< seconds to the first token, of the calls that got one
    double p99 = 0;
    double goodput =
        0;  ///< share of the calls that were answered wholly, the first token in ten seconds
    double spend = 0;   ///< dollars for a thousand calls
    double extra = 0;   ///< share of that for attempts that answered nothing
    double hedged = 0;  ///< share of the calls with a second attempt beside the first
    double cached = 0;  ///< share of the answered prompts' tokens out of a cache
    double shed = 0;    ///< share of the calls that were refused: too many of them
    std::size_t calls = 0;
};

/// Runs it to its end. The same arguments give the same score.
Score simulate(const Scenario& scenario, const std::vector<SimCall>& calls,
               const Contender& contender, double seconds, std::uint64_t seed);

}  // namespace patchbay::sim
