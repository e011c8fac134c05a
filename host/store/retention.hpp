// Forgetting old entries of the books (retention_schema.hpp).
#pragma once

#include "store/database.hpp"

namespace patchbay::store {

/// Closes all days up to this one, counted from 1970: entries of them that come later are set aside as poison. A day
/// that is closed stays so; nothing happens if a later one is.
Stored<void> close_days(Database& database, std::int64_t last);

/// Takes entries of closed days away: partitions at once, else up to 1,000 rows. True: there are more.
Stored<bool> forget_entries(Database& database);

/// The last day that is closed; -1 if none is.
Stored<std::int64_t> last_closed_day(Database& database);

}  // namespace patchbay::store
