// The questions of KeyReader.
#pragma once

#include <string>

namespace patchbay::store {

// The columns of a budget, of the alias `b`; read_limits() takes them in this order.
inline std::string budget_columns(const std::string& b) {
    std::string columns;
    for (const char* name : {"max_nano", "soft_nano", "rpm", "tpm", "parallel", "duration",
                             "extra_nano", "extra_until", "id", "doc"}) {
        columns += ", " + b + "." + name;
    }
    return columns;
}
inline constexpr int kBudgetColumns = 10;

inline std::string budget_join(const std::string& b, const std::string& of) {
    return " LEFT JOIN budget " + b + " ON " + b + ".id = " + of + ".budget AND " + b +
           ".deleted_at IS NULL";
}

inline std::string key_sql() {
    return "SELECT k.id, k.name, k.alias, k.expires, k.blocked, k.is_session, k.doc"
           ", u.id, u.user_id, u.alias, u.doc, u.role"
           ", t.id, t.team_id, t.alias, t.doc, t.blocked"
           ", o.id, o.organization_id, o.alias, o.doc" +
           budget_columns("kb") + budget_columns("ub") + budget_columns("tb") +
           budget_columns("ob") + budget_columns("mb") +
           " FROM key k"
           " LEFT JOIN \"user\" u ON u.id = k.user AND u.deleted_at IS NULL"
           " LEFT JOIN team t ON t.id = k.team"
           " LEFT JOIN organization o ON o.id = COALESCE(k.organization, t.organization)"
           " LEFT JOIN member m ON m.kind = 4 AND m.parent = k.team AND m.user = k.user" +
           budget_join("kb", "k") + budget_join("ub", "u") + budget_join("tb", "t") +
           budget_join("ob", "o") + budget_join("mb", "m") +
           " WHERE k.deleted_at IS NULL AND k.id = COALESCE((SELECT id FROM key WHERE hash = ?1 "
           "AND "
           "deleted_at IS NULL), (SELECT key FROM key_old WHERE hash = ?1 AND until > ?2))";
}
inline constexpr int kLimitsOfKey = 21;

inline std::string customer_sql() {
    return "SELECT p.id, p.blocked, p.doc" + budget_columns("b") + " FROM customer p" +
           budget_join("b", "p") + " WHERE p.customer_id = ?1 AND p.deleted_at IS NULL";
}

inline std::string tag_sql() {
    return "SELECT p.id, 0, p.doc" + budget_columns("b") + " FROM tag p" + budget_join("b", "p") +
           " WHERE p.name = ?1 AND p.deleted_at IS NULL";
}

inline std::string budget_sql() {
    return "SELECT 0" + budget_columns("b") +
           " FROM budget b WHERE b.budget_id = ?1 AND b.deleted_at IS NULL";
}

}  // namespace patchbay::store
