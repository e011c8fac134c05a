// The calls of a scenario, worked out before they are simulated, so that all strategies see the
// same.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/surface/prefix_keys.hpp"
#include "route_sim/scenario.hpp"

namespace patchbay::sim {

struct SimCall {
    double at = 0;  ///< second
    std::int64_t prompt = 0;
    std::int64_t answer = 0;
    std::uint64_t session = 0;  ///< that the call names; 0 = none
    PrefixKeys keys;            ///< its blocks
};

/// The second of an event or a burst: a negative number is a share of the whole time.
inline double second_of(double at, double seconds) {
    return at < 0 ? -at * seconds : at;
}

/// In the order of their times; the same for the same seed.
std::vector<SimCall> make_calls(const Scenario& scenario, double seconds, std::uint64_t seed);

}  // namespace patchbay::sim
