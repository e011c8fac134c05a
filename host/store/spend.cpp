#include "store/spend.hpp"

#include <algorithm>

#include "store/ledger_books.hpp"
#include "store/ledger_counters.hpp"
#include "store/period.hpp"

namespace patchbay::store {

namespace {

constexpr std::size_t kMostAtOnce = 100;  ///< accounts in one question: a page of a list

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
constexpr std::string_view kOfNamedCustomer =
    "SELECT a.posted FROM account a JOIN identity i ON i.id = a.subject WHERE a.book = ?1 AND "
    "a.house = 0 AND i.kind = ?2 AND i.text = ?3";
constexpr std::string_view kNamedCustomers =
    "SELECT i.text, a.posted, a.entries FROM identity i JOIN account a ON a.book = ?1 AND a.house "
    "= 0 AND a.subject = i.id WHERE i.kind = ?2 AND i.text <> '' ORDER BY a.posted DESC, 1 LIMIT "
    "?3";
constexpr std::string_view kOfMember =
    "SELECT a.posted FROM account a JOIN identity i ON i.id = a.subject WHERE a.book = ?1 AND "
    "a.house = 0 AND i.kind = ?2 AND i.text = ?3";

Stored<std::int64_t> first_number(Statement& statement) {
    const auto row = statement.step();
    if (!row) return row.error();
    return *row ? statement.number(0) : 0;
}

std::string_view group_sql(GroupBy by) {
    switch (by) {
        case GroupBy::model:
            return "SELECT i.text, SUM(charge) s, SUM(requests), SUM(prompt), SUM(completion) FROM "
                   "daily d JOIN identity i ON i.id = d.model GROUP BY i.text ORDER BY s DESC, 1 "
                   "LIMIT ?";
        case GroupBy::provider:
            return "SELECT i.text, SUM(charge) s, SUM(requests), SUM(prompt), SUM(completion) FROM "
                   "daily d JOIN identity i ON i.id = d.provider GROUP BY i.text ORDER BY s "
                   "DESC, 1 LIMIT ?";
        case GroupBy::day:
            break;
    }
    return "SELECT day, SUM(charge), SUM(requests), SUM(prompt), SUM(completion) FROM daily GROUP "
           "BY "
           "day ORDER BY day LIMIT ?";
}

constexpr std::string_view kOfCounter =
    "SELECT a.posted FROM account a JOIN identity i ON i.id = a.subject WHERE a.book = 13 AND "
    "a.house = 0 AND i.kind = 9 AND i.text = ?";
constexpr std::string_view kTagsEver =
    "SELECT i.text, a.posted, a.entries FROM identity i JOIN account a ON a.book = 13 AND a.house "
    "= 0 AND a.subject = i.id WHERE i.kind = 9 AND substr(i.text, 1, 4) = 'tag:' ORDER BY "
    "a.posted DESC, 1 LIMIT ?";
constexpr std::string_view kTagsWithin =
    "SELECT i.text, SUM(p.amount) s, SUM(p.entries) FROM identity i JOIN account a ON a.book = 13 "
    "AND a.house = 0 AND a.subject = i.id JOIN posting p ON p.account = a.id JOIN batch b ON b.id "
    "= p.batch WHERE i.kind = 9 AND substr(i.text, 1, 4) = 'tag:' AND b.posted_at >= ? AND "
    "b.posted_at < ? GROUP BY i.text ORDER BY s DESC, 1 LIMIT ?";

// Of each row the name, without so much of its beginning, what was charged, and how often.
Stored<std::vector<SpendGroup>> groups_of(Statement& statement, std::size_t left_out = 0) {
    std::vector<SpendGroup> groups;
    while (true) {
        const auto row = statement.step();
        if (!row) return row.error();
        if (!*row) return groups;
        SpendGroup group;
        group.name = statement.text(0).substr(left_out);
        group.charge = statement.number(1);
        group.requests = statement.number(2);
        groups.push_back(std::move(group));
    }
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

Stored<std::int64_t> spent_by_member(Database& database, std::int64_t team, std::int64_t user) {
    const std::string name = member_name(team, user);
    Statement statement(database.handle(), kOfMember);
    statement.bind(1, std::int64_t{kMember}).bind(2, std::int64_t{kMembers}).bind(3, name);
    return first_number(statement);
}

Stored<std::map<std::int64_t, std::int64_t>> spent_each(Database& database, Subject subject,
                                                        std::span<const std::int64_t> ids) {
    static const std::string kSql = [] {
        std::string sql =
            "SELECT subject, posted FROM account WHERE book = ? AND house = 0 AND "
            "subject IN (?";
        for (std::size_t i = 1; i < kMostAtOnce; ++i) sql += ", ?";
        return sql + ")";
    }();
    std::map<std::int64_t, std::int64_t> sums;
    for (const std::int64_t id : ids) sums.emplace(id, 0);
    Statement statement(database.handle(), kSql);
    while (!ids.empty()) {
        const auto some = ids.first(std::min(ids.size(), kMostAtOnce));
        ids = ids.subspan(some.size());
        statement.bind(1, std::int64_t{book_of(subject)});
        for (std::size_t i = 0; i < kMostAtOnce; ++i) {
            statement.bind(static_cast<int>(i) + 2, i < some.size() ? some[i] : -1);
        }
        while (true) {
            const auto row = statement.step();
            if (!row) return row.error();
            if (!*row) break;
            sums[statement.number(0)] = statement.number(1);
        }
        statement.reset();
    }
    return sums;
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
        groups.push_back({by == GroupBy::day ? date_of(statement.number(0)) : statement.text(0),
                          statement.number(1), statement.number(2), statement.number(3),
                          statement.number(4)});
    }
}

Stored<std::int64_t> spent_counter(Database& database, std::string_view counter) {
    Statement statement(database.handle(), kOfCounter);
    return first_number(statement.bind(1, counter));
}

Stored<std::vector<SpendGroup>> spent_by_customer(Database& database, std::int64_t limit) {
    Statement statement(database.handle(), kNamedCustomers);
    statement.bind(1, std::int64_t{kCustomer}).bind(2, std::int64_t{kCustomers}).bind(3, limit);
    return groups_of(statement);
}

Stored<std::optional<std::int64_t>> spent_for(Database& database, std::string_view customer) {
    Statement statement(database.handle(), kOfNamedCustomer);
    statement.bind(1, std::int64_t{kCustomer}).bind(2, std::int64_t{kCustomers}).bind(3, customer);
    const auto row = statement.step();
    if (!row) return row.error();
    return *row ? std::optional(statement.number(0)) : std::nullopt;
}

Stored<std::vector<SpendGroup>> spent_by_tag(Database& database, const TagAsk& ask) {
    const bool ever = ask.from <= 0 && ask.until == INT64_MAX;
    Statement statement(database.handle(), ever ? kTagsEver : kTagsWithin);
    if (!ever) statement.bind(1, ask.from).bind(2, ask.until);
    statement.bind(ever ? 1 : 3, ask.limit);
    return groups_of(statement, kTagCounter.size());
}

}  // namespace patchbay::store
