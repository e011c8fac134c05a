#include "store/mail_addresses.hpp"

namespace patchbay::store {

namespace {

Stored<std::vector<std::string>> texts(Database& database, std::string_view sql,
                                       std::string_view name) {
    Statement statement(database.handle(), sql);
    statement.bind(1, name);
    std::vector<std::string> found;
    while (true) {
        const auto row = statement.step();
        if (!row) return row.error();
        if (!*row) return found;
        found.push_back(statement.text(0));
    }
}

}  // namespace

Stored<std::vector<std::string>> mail_of_user(Database& database, std::string_view user_id) {
    return texts(database,
                 "SELECT email FROM \"user\" WHERE user_id = ?1 AND deleted_at IS NULL AND email "
                 "IS NOT NULL AND email <> ''",
                 user_id);
}

// 4 is Subject::team.
Stored<std::vector<std::string>> mail_of_team(Database& database, std::string_view team_id) {
    return texts(database,
                 "SELECT DISTINCT u.email FROM team t JOIN member m ON m.kind = 4 AND m.parent = "
                 "t.id JOIN \"user\" u ON u.id = m.\"user\" WHERE t.team_id = ?1 AND t.deleted_at "
                 "IS NULL AND u.deleted_at IS NULL AND u.email IS NOT NULL AND u.email <> '' "
                 "ORDER BY 1 LIMIT 100",
                 team_id);
}

}  // namespace patchbay::store
