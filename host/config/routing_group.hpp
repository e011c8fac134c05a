// `routing_groups` of `router_settings`: model groups that are routed in a way of their own. Names are LiteLLM's;
// docs/routing.md tells what each does. Values only, read from any thread once loaded.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace patchbay {

/// One entry. Its strategy is that of calls for its models, and of calls for its own name, which may
/// go to the deployments of all of them; but one `by_priority` is for its own name alone.
struct RoutingGroup {
    std::string name;                ///< `group_name`
    std::vector<PlacedText> models;  ///< names of model groups, each once
    StrategySettings strategy;
    /// `model_priorities` of the strategy `priority`: of each model, the lower first. Empty: it is another strategy.
    std::map<std::string, int, std::less<>> priorities;
    Place place;

    bool by_priority() const { return !priorities.empty(); }
    bool has(std::string_view model) const;
};

/// All of a configuration, in file order.
const std::vector<RoutingGroup>& routing_groups(const RouterSettings& settings);

/// The entry that says how calls for the model group of this name are routed; nullptr: none does.
const RoutingGroup* routing_group_of(const RouterSettings& settings, std::string_view model_group);

/// What the model group of this name has of its own.
OwnRouting own_routing(const RouterSettings& settings, std::string_view model_group);

/// Is it so of the strategy of any model group?
bool any_strategy(const RouterSettings& settings, bool (*is)(Strategy strategy));

}  // namespace patchbay
