#include "store/spend.hpp"

#include "store/ledger_books.hpp"

namespace patchbay::store {

namespace {

// The book that has the accounts of a subject's rows; 0 if none has.
Book book_of(Subject subject) {
    switch (subject) {
        case Subject::key:
            return kKeyRow;
        case Subject::user:
            return kUser;
        case Subject::team:
            return kTeam;
        case Subject::organization:
            return kOrganization;
        default:
            return Book{};
    }
}

constexpr std::string_view kOfRow =
    "SELECT posted FROM account WHERE book = ?1 AND house = 0 AND subject = ?2";
// Customers are accounts by their names.
constexpr std::string_view kOfCustomer =
    "SELECT a.posted FROM account a JOIN identity i ON i.id = a.subject JOIN customer c ON "
    "c.customer_id = i.text WHERE a.book = ?1 AND a.house = 0 AND i.kind = ?3 AND c.id = ?2";

Stored<std::int64_t> first_number(Statement& statement) {
    const auto row = statement.step();
    if (!row) return row.error();
    return *row ? statement.number(0) : 0;
}

std::string_view group_sql(GroupBy by) {
    switch (by) {
        case GroupBy::model:
            return "SELECT i.text, SUM(charge) s, SUM(requests), SUM(prompt), SUM(completion) FROM "
                   "daily d JOIN identity i ON i.id = d.model GROUP BY d.model ORDER BY s DESC, 1 "
                   "LIMIT ?";
        case GroupBy::provider:
            return "SELECT i.text, SUM(charge) s, SUM(requests), SUM(prompt), SUM(completion) FROM "
                   "daily d JOIN identity i ON i.id = d.provider GROUP BY d.provider ORDER BY s "
                   "DESC, 1 LIMIT ?";
        case GroupBy::day:
            break;
    }
    return "SELECT date(day * 86400, 'unixepoch'), SUM(charge), SUM(requests), SUM(prompt), "
           "SUM(completion) FROM daily GROUP BY day ORDER BY day LIMIT ?";
}

// A filter that is not asked for is NULL and lets everything through.
constexpr std::string_view kLogFilter =
    " FROM entry e JOIN identity k ON k.id = e.key WHERE e.ended >= ?1 AND e.ended < ?2 AND "
    "(?3 IS NULL OR k.text = ?3) AND (?4 IS NULL OR e.user = ?4) AND (?5 IS NULL OR e.client_call "
    "= ?5)";
constexpr std::string_view kLogColumns =
    "SELECT e.client_call, k.text, (SELECT text FROM identity WHERE id = e.model), (SELECT text "
    "FROM "
    "identity WHERE id = e.model_group), (SELECT text FROM identity WHERE id = e.deployment), "
    "(SELECT "
    "text FROM identity WHERE id = e.provider), (SELECT text FROM identity WHERE id = e.route), "
    "(SELECT text FROM identity WHERE id = e.customer), (SELECT user_id FROM \"user\" WHERE id = "
    "e.user), (SELECT team_id FROM team WHERE id = e.team), e.status, e.started, e.ended, "
    "e.prompt, "
    "e.completion, e.charge";

void bind(Statement& statement, const LogAsk& ask) {
    statement.bind(1, ask.from).bind(2, ask.until);
    if (ask.key_hash) statement.bind(3, *ask.key_hash);
    if (ask.user) statement.bind(4, *ask.user);
    if (ask.request) statement.bind(5, *ask.request);
}

}  // namespace

Stored<std::int64_t> spent(Database& database, Subject subject, std::int64_t id) {
    if (subject == Subject::customer) {
        Statement statement(database.handle(), kOfCustomer);
        statement.bind(1, std::int64_t{kCustomer}).bind(2, id).bind(3, std::int64_t{kCustomers});
        return first_number(statement);
    }
    Statement statement(database.handle(), kOfRow);
    return first_number(statement.bind(1, std::int64_t{book_of(subject)}).bind(2, id));
}

Stored<std::int64_t> spent(Database& database) {
    return database.number("SELECT SUM(posted) FROM account WHERE book = 1 AND house = 0");
}

Stored<std::vector<SpendGroup>> spent_by(Database& database, GroupBy by, std::int64_t limit) {
    Statement statement(database.handle(), group_sql(by));
    statement.bind(1, limit);
    std::vector<SpendGroup> groups;
    while (true) {
        const auto row = statement.step();
        if (!row) return row.error();
        if (!*row) return groups;
        groups.push_back({statement.text(0), statement.number(1), statement.number(2),
                          statement.number(3), statement.number(4)});
    }
}

Stored<SpendLogs> spend_logs(Database& database, const LogAsk& ask) {
    SpendLogs logs;
    Statement counting(database.handle(), "SELECT COUNT(*)" + std::string(kLogFilter));
    bind(counting, ask);
    const auto total = first_number(counting);
    if (!total) return total.error();
    logs.total = *total;
    Statement s(database.handle(), std::string(kLogColumns) + std::string(kLogFilter) +
                                       " ORDER BY e.ended DESC, e.call DESC, e.attempt DESC LIMIT "
                                       "?6 OFFSET ?7");
    bind(s, ask);
    s.bind(6, ask.limit).bind(7, ask.offset);
    while (true) {
        const auto row = s.step();
        if (!row) return row.error();
        if (!*row) return logs;
        logs.rows.push_back({s.text(0), s.text(1), s.text(2), s.text(3), s.text(4), s.text(5),
                             s.text(6), s.text(7), s.text(8), s.text(9), s.number(10), s.number(11),
                             s.number(12), s.number(13), s.number(14), s.number(15)});
    }
}

}  // namespace patchbay::store
