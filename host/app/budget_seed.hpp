// What providers and deployments with budgets have spent before, read from the books.
#pragma once

#include <string>

#include "engine/world/snapshot.hpp"
#include "store/key_reader.hpp"

namespace patchbay::app {

/// Adds it to the budgets of a snapshot. Empty: it is known of all. Else why it is not: those of which it is not are unknown, so
/// that nobody is let in, and it must be called again. Blocks on the store, a quarter of a second where that does not answer.
std::string seed_route_budgets(const Snapshot& snapshot, store::KeyReader& books);

}  // namespace patchbay::app
