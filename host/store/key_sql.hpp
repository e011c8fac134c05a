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
           ", o.id, o.organization_id, o.alias, o.doc"
           ", CASE WHEN k.hash = ?1 THEN NULL ELSE (SELECT until FROM key_old WHERE hash = ?1) "
           "END" +
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
inline constexpr int kLimitsOfKey = 22;

// Of one key, and which of its hashes let in.
inline std::string prefixes_sql() {
    const std::string open =
        "k.blocked = 0 AND (k.expires IS NULL OR k.expires > ?2) THEN 1 ELSE 0 END";
    return "SELECT k.hash AS hash, CASE WHEN " + open +
           " FROM key k WHERE k.id = ?1 AND k.deleted_at IS NULL UNION SELECT o.hash, CASE WHEN "
           "o.until > ?2 AND " +
           open +
           " FROM key_old o JOIN key k ON k.id = o.key WHERE k.id = ?1 AND k.deleted_at IS NULL "
           "ORDER BY hash";
}

// The last column: 0 = shut.
inline std::string changes_sql() {
    const auto there = [](const char* kind, const std::string& of) {
        return std::string(" WHEN ") + kind + " THEN (SELECT COUNT(*) FROM " + of +
               " WHERE id = c.subject AND deleted_at IS NULL";
    };
    return "SELECT c.seq, c.kind, c.subject, CASE c.kind" + there("3", "\"user\"") + ")" +
           there("4", "team") + " AND blocked = 0)" + there("5", "organization") + ")" +
           there("7", "customer") + " AND blocked = 0)" +
           " WHEN 1 THEN 1 WHEN 2 THEN 1 WHEN 10 THEN 1 WHEN 11 THEN 1 WHEN 12 THEN 1 ELSE 0 END "
           "FROM change c WHERE c.seq > ? ORDER BY c.seq LIMIT ?";
}

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
