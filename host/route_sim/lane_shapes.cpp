#include <array>

#include "route_sim/lane_model.hpp"

namespace patchbay::sim {

// Not measurements of anybody: round numbers in which these providers differ from one another as
// their users tell of them.
const std::vector<LaneShape>& lane_shapes() {
    // clang-format off
    static const std::vector<LaneShape> shapes = {
        // Fast, with a long tail.
        {.name = "openai", .provider = "openai", .model = "gpt", .first_p50 = 0.45, .first_p95 = 1.1,
         .tail = 0.02, .alpha = 1.3, .prompt = 6e-5, .token_p50 = 0.012, .token_p95 = 0.025, .knee = 60,
         .fail = 0.003, .bad = 0.01, .hang = 0.0005, .in = 2.5, .cached = 0.25, .out = 10},
        // The same models with capacity of one's own: steadier, a limit in windows of ten seconds.
        {.name = "azure", .provider = "azure", .model = "gpt", .first_p50 = 0.7, .first_p95 = 1.4,
         .tail = 0.01, .alpha = 1.5, .prompt = 8e-5, .token_p50 = 0.016, .token_p95 = 0.03, .knee = 30,
         .fail = 0.003, .bad = 0.005, .rpm = 900, .window = 10, .in = 2.5, .cached = 0.25,
         .out = 10},
        // Slower to begin, a cache that reads at a tenth of the price, overloaded now and then.
        {.name = "anthropic", .provider = "anthropic", .model = "claude-sonnet", .first_p50 = 0.9, .first_p95 = 2.0,
         .tail = 0.015, .alpha = 1.4, .prompt = 1e-4, .token_p50 = 0.015, .token_p95 = 0.03, .knee = 50,
         .fail = 0.004, .bad = 0.02, .bad_fail = 0.3, .hang = 0.0005, .in = 3, .cached = 0.3,
         .out = 15},
        {.name = "bedrock", .provider = "bedrock", .model = "anthropic.claude-sonnet", .first_p50 = 1.2, .first_p95 = 2.6,
         .tail = 0.01, .alpha = 1.5, .prompt = 1.2e-4, .token_p50 = 0.018, .token_p95 = 0.035, .knee = 40,
         .fail = 0.003, .bad = 0.01, .rpm = 600, .in = 3, .cached = 0.3, .out = 15},
        // Very fast, and a tight limit.
        {.name = "groq", .provider = "groq", .model = "llama", .first_p50 = 0.15, .first_p95 = 0.35,
         .tail = 0.01, .alpha = 1.4, .prompt = 1e-5, .token_p50 = 0.002, .token_p95 = 0.004, .knee = 40,
         .fail = 0.005, .rpm = 300, .in = 0.6, .cached = 0.3, .out = 0.8},
        // One server with a queue: quick while it is empty, and nothing random but its load.
        {.name = "vllm", .provider = "hosted_vllm", .model = "llama", .first_p50 = 0.25, .first_p95 = 0.4,
         .tail = 0.002, .alpha = 1.8, .prompt = 1.5e-4, .token_p50 = 0.02, .token_p95 = 0.028, .knee = 12,
         .fail = 0.001, .in = 0.4, .cached = 0.1, .out = 0.8},
    };
    // clang-format on
    return shapes;
}

namespace {

struct Number {
    std::string_view name;
    double LaneShape::*member;
};
constexpr auto kNumbers = std::to_array<Number>({
    {"first_p50", &LaneShape::first_p50},
    {"first_p95", &LaneShape::first_p95},
    {"tail", &LaneShape::tail},
    {"alpha", &LaneShape::alpha},
    {"prompt", &LaneShape::prompt},
    {"token_p50", &LaneShape::token_p50},
    {"token_p95", &LaneShape::token_p95},
    {"knee", &LaneShape::knee},
    {"fail", &LaneShape::fail},
    {"bad", &LaneShape::bad},
    {"spell", &LaneShape::spell},
    {"bad_fail", &LaneShape::bad_fail},
    {"bad_slow", &LaneShape::bad_slow},
    {"hang", &LaneShape::hang},
    {"rpm", &LaneShape::rpm},
    {"window", &LaneShape::window},
    {"in", &LaneShape::in},
    {"cached", &LaneShape::cached},
    {"out", &LaneShape::out},
});

}  // namespace

bool set_number(LaneShape& shape, std::string_view name, double value) {
    for (const Number& number : kNumbers) {
        if (number.name != name) continue;
        shape.*number.member = value;
        return true;
    }
    return false;
}

}  // namespace patchbay::sim
