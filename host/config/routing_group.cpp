#include "config/routing_group.hpp"

#include <algorithm>

namespace patchbay {

bool RoutingGroup::has(std::string_view model) const {
    return std::any_of(models.begin(), models.end(),
                       [&](const PlacedText& one) { return one.text == model; });
}

const std::vector<RoutingGroup>& routing_groups(const RouterSettings& settings) {
    static const std::vector<RoutingGroup> none;
    return settings.routing_groups ? *settings.routing_groups : none;
}

const RoutingGroup* routing_group_of(const RouterSettings& settings, std::string_view model_group) {
    for (const RoutingGroup& group : routing_groups(settings)) {
        if (!group.by_priority() && group.has(model_group)) return &group;
    }
    return nullptr;
}

OwnRouting own_routing(const RouterSettings& settings, std::string_view model_group) {
    OwnRouting own;
    if (const RoutingGroup* const group = routing_group_of(settings, model_group)) {
        own.strategy = group->strategy;
    }
    own.affinity = settings.routing.affinity_of(model_group);
    return own;
}

bool any_strategy(const RouterSettings& settings, bool (*is)(Strategy strategy)) {
    const auto& groups = routing_groups(settings);
    return is(settings.routing.strategy) ||
           std::any_of(groups.begin(), groups.end(),
                       [&](const RoutingGroup& group) { return is(group.strategy.strategy); });
}

}  // namespace patchbay
