// The schema of the store, as numbered steps in the binary.
#pragma once

#include "store/database.hpp"

namespace patchbay::store {

/// The version that this program writes.
int newest_schema();

/// Brings a store to the version `to`, the newest as a rule, each step in a transaction of its own. A store that a newer
/// program has written is refused (`corrupt`), as this one does not know its rules. Several processes may
/// do this at once.
Stored<void> migrate(Database& database, int to = newest_schema());

}  // namespace patchbay::store
