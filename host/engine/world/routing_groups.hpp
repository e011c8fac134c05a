// `routing_groups` of the configuration in a snapshot.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Makes a group of each entry's name, of the deployments of all its models, unless a model or an alias has the name:
/// then that is told. False after an error. When all model groups are there, before make_tables().
bool add_routing_groups(Snapshot& snapshot, std::vector<Problem>& problems);

/// Makes the tables of all groups, each for how its calls are routed. What is known of a group of `previous`, which may
/// be null, is kept for all that share its name.
void make_tables(Snapshot& snapshot, const Snapshot* previous);

}  // namespace patchbay
