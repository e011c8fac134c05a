#include <algorithm>
#include <array>
#include <utility>

#include "route_sim/simulation.hpp"

namespace patchbay::sim {

namespace {

constexpr std::string_view kHedge = "+hedge";

constexpr std::pair<std::string_view, Strategy> kStrategies[] = {
    {"simple-shuffle", Strategy::simple_shuffle},
    {"least-busy", Strategy::least_busy},
    {"latency-based-routing", Strategy::latency_based},
    {"usage-based-routing-v2", Strategy::usage_based_v2},
    {"cost-based-routing", Strategy::cost_based},
    {"p2c-ewma", Strategy::p2c_ewma},
    {"prefix-affinity", Strategy::prefix_affinity},
};

}  // namespace

std::optional<Contender> contender_of(std::string_view name) {
    Contender made{std::string(name), Strategy::simple_shuffle, name.ends_with(kHedge)};
    if (made.hedge) name.remove_suffix(kHedge.size());
    for (const auto& [known, strategy] : kStrategies) {
        if (known != name) continue;
        made.strategy = strategy;
        return made;
    }
    return std::nullopt;
}

const std::vector<std::string>& contender_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> made;
        for (const auto& [name, strategy] : kStrategies) made.emplace_back(name);
        made.emplace_back("p2c-ewma+hedge");
        made.emplace_back("prefix-affinity+hedge");
        return made;
    }();
    return names;
}

}  // namespace patchbay::sim
