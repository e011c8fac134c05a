// Rows of somebody else's tables, as JSON: whatever columns they have.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"

namespace patchbay::store {

struct ForeignRow {
    std::string_view table;  ///< one of those that were asked for
    std::string json;        ///< an object with a member for each column, as PostgreSQL writes it
};

/// All rows of these tables of a PostgreSQL database, table by table, as of one instant. Tables that are not there have
/// no rows. All of it is in memory at once. Blocks for as long as Database::within() allows.
Stored<std::vector<ForeignRow>> foreign_rows(Database& database,
                                             std::span<const std::string_view> tables);

}  // namespace patchbay::store
