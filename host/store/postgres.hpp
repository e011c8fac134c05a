// PostgreSQL behind session.hpp: libpq without its waiting.
#pragma once

#include "store/database.hpp"

namespace patchbay::store {

/// Connects. A server that is not there is tried for so long: it may be about to start.
Stored<std::unique_ptr<Session>> open_postgres(
    const Address& address, Access access,
    std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace patchbay::store
