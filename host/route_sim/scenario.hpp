// What is simulated: deployments, calls, and what happens to the deployments. As text, which
// operators can write from their own logs (docs/routing.md, "Simulating it").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "route_sim/lane_model.hpp"

namespace patchbay::sim {

struct LaneSpec {
    std::string name;
    LaneShape shape;
    double weight = 1;
    bool later = false;                                    ///< an event adds it
    std::vector<std::pair<std::int64_t, Sample>> samples;  ///< with the tokens of their prompts
};

struct WorldEvent {
    enum class Kind { slow, hang, die, recover, add };
    double at = 0;  ///< of a second; negative: a share of the whole time, "50%"
    Kind kind = Kind::slow;
    std::size_t lane = 0;
    double factor = 1;
};

/// Calls on their own, by chance: a rate and two lognormal sizes (median and 95th percentile).
struct Traffic {
    double rate = 0;  ///< calls a second; 0 = none
    double prompt_p50 = 600, prompt_p95 = 6000;
    double answer_p50 = 150, answer_p95 = 800;
    double burst_at = 0, burst_for = 0,
           burst = 1;  ///< then so many times the rate; likewise shares
};

/// Conversations: each begins with the tools and the system prompt of one of some applications, and
/// grows from turn to turn.
struct Sessions {
    double rate = 0;     ///< that begin in a second
    double turns = 8;    ///< on average
    double think = 10;   ///< seconds from turn to turn, on average
    double lead = 3000;  ///< tokens that all conversations of an application begin with
    double apps = 5;
    double turn = 700;  ///< tokens that the client adds in a turn, on average
    double answer_p50 = 200, answer_p95 = 800;
    double named = 0.5;  ///< share of conversations whose calls name their session
};

/// A call as an operator's log has it.
struct CallSpec {
    double at = 0;
    std::int64_t prompt = 0;
    std::int64_t answer = 0;
    std::string session;  ///< its calls begin alike; empty = it has none
    std::string lead;     ///< what its beginning is called; empty = it has none that others share
    std::int64_t lead_tokens = 0;
};

struct Scenario {
    std::string name;
    std::vector<LaneSpec> lanes;
    std::vector<WorldEvent> events;
    Traffic traffic;
    Sessions sessions;
    std::vector<CallSpec> calls;
};

/// Reads a scenario. On failure `problem` says what is wrong, with the number of its line.
std::optional<Scenario> read_scenario(std::string name, std::string_view text,
                                      std::string& problem);

/// The scenarios that come with the simulator: their names and texts.
const std::vector<std::pair<std::string, std::string>>& known_scenarios();

}  // namespace patchbay::sim
