// What providers and deployments with budgets have spent before, read from the books.
#pragma once

#include "engine/world/snapshot.hpp"
#include "store/address.hpp"

namespace patchbay::app {

/// Adds it to the budgets of a snapshot that is about to be used; nothing if there are none, or no books. Blocks on
/// the store. What cannot be read is told, counts as nothing, and is asked for the next time.
void seed_route_budgets(const Snapshot& snapshot, const store::Address& books);

}  // namespace patchbay::app
