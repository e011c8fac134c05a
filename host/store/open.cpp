// Apart from the rest of database.hpp, so that a program with a file alone, the client library, needs no libpq.
#include "store/postgres.hpp"
#include "store/sqlite.hpp"

namespace patchbay::store {

Stored<Database> Database::open(const Address& address, Access access) {
    auto session =
        address.is_server() ? open_postgres(address, access) : open_sqlite(address.file(), access);
    if (!session) return session.error();
    return Database(std::move(*session));
}

}  // namespace patchbay::store
