// What is wrong with the groups that settings name, before a call finds out.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Warns of fallbacks from or to names that no model group, alias, pattern or deployment has, and of
/// groups that fall back to each other in a circle: a call passes over what it has tried. And of a semantic cache whose
/// embeddings nobody makes, and of retry policies of such names.
void check_named_groups(const Snapshot& snapshot, std::vector<Problem>& problems);

}  // namespace patchbay
