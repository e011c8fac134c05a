#include "store/foreign_rows.hpp"

namespace patchbay::store {

namespace {

Stored<bool> is_there(Database& database, std::string_view table) {
    Statement find(database.handle(), "SELECT COUNT(to_regclass(?))");
    const std::string name = '"' + std::string(table) + '"';
    const auto row = find.bind(1, name).step();
    if (!row) return row.error();
    return *row && find.number(0) > 0;
}

}  // namespace

Stored<std::vector<ForeignRow>> foreign_rows(Database& database,
                                             std::span<const std::string_view> tables) {
    // One statement sees one instant.
    std::string sql;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const auto there = is_there(database, tables[i]);
        if (!there) return there.error();
        if (!*there) continue;
        if (!sql.empty()) sql += " UNION ALL ";
        sql += "SELECT " + std::to_string(i) + ", CAST(row_to_json(t) AS text) FROM \"" +
               std::string(tables[i]) + "\" t";
    }
    std::vector<ForeignRow> rows;
    if (sql.empty()) return rows;
    Statement all(database.handle(), sql + " ORDER BY 1, 2");
    while (true) {
        const auto row = all.step();
        if (!row) return row.error();
        if (!*row) return rows;
        rows.push_back({tables[static_cast<std::size_t>(all.number(0))], all.text(1)});
    }
}

}  // namespace patchbay::store
