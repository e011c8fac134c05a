// The tables whose rows are managed, as data: what may be read, written and filtered is a column here, and
// SQL is made of nothing else.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "store/subjects.hpp"

namespace patchbay::store {

enum class ColumnType { integer, text, bytes };

struct Column {
    std::string_view name;
    ColumnType type;
    bool secret = false;  ///< the audit log has an HMAC of it
};

/// An entity. Besides its own columns it has `id`, `doc`, `created_at`, `created_by`, `updated_at`,
/// `updated_by`, `version` and `deleted_at`.
struct Table {
    std::string_view name;      ///< in audit rows
    std::string_view sql;       ///< the same as SQL takes it, quoted where it is a reserved word
    Subject subject;            ///< `change.kind`
    std::string_view known_by;  ///< the column by which clients name a row
    std::span<const Column> columns;

    /// The place in `columns`; a name that is not there is a fault of the program.
    std::size_t place(std::string_view column) const;
};

/// The name of a column as SQL takes it, for some ("user") are reserved.
inline std::string quoted(std::string_view column) {
    return '"' + std::string(column) + '"';
}

extern const Table kKeyTable, kUserTable, kTeamTable, kOrganizationTable, kCustomerTable,
    kBudgetTable, kTagTable;

}  // namespace patchbay::store
