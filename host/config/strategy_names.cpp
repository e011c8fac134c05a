#include "config/strategy_names.hpp"

#include <algorithm>
#include <array>

namespace patchbay {

namespace {

struct StrategyName {
    std::string_view name;
    Strategy strategy;
};
constexpr auto kStrategies = std::to_array<StrategyName>({
    {"simple-shuffle", Strategy::simple_shuffle},
    {"least-busy", Strategy::least_busy},
    {"latency-based-routing", Strategy::latency_based},
    {"usage-based-routing", Strategy::usage_based},
    {"usage-based-routing-v2", Strategy::usage_based_v2},
    {"cost-based-routing", Strategy::cost_based},
    {"p2c-ewma", Strategy::p2c_ewma},
    {"prefix-affinity", Strategy::prefix_affinity},
});
constexpr auto kUndone = std::to_array<std::string_view>({"provider-budget-routing", "lar1"});

}  // namespace

std::string_view strategy_name(Strategy strategy) {
    const auto* const row =
        std::find_if(kStrategies.begin(), kStrategies.end(),
                     [&](const StrategyName& known) { return known.strategy == strategy; });
    return row == kStrategies.end() ? std::string_view() : row->name;
}

std::optional<Strategy> find_strategy(std::string_view name) {
    const auto* const row =
        std::find_if(kStrategies.begin(), kStrategies.end(),
                     [&](const StrategyName& known) { return known.name == name; });
    if (row == kStrategies.end()) return std::nullopt;
    return row->strategy;
}

bool is_undone_strategy(std::string_view name) {
    return std::find(kUndone.begin(), kUndone.end(), name) != kUndone.end();
}

std::string strategy_names() {
    std::string names;
    for (const StrategyName& known : kStrategies) {
        names.append(names.empty() ? "" : ", ").append(known.name);
    }
    return names;
}

}  // namespace patchbay
