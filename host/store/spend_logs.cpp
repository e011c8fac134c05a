// The page of logs: of entries that some filters leave, the newest.
//
// A page must be found without looking at all that it leaves out. PostgreSQL has an index for each filter that leaves few of many
// entries. SQLite has one by origins (origins.hpp), of which a filter leaves some, each with entries in the order of their ends. So the page
// begins with the time behind which these have as many entries as it takes, which is found with few of each.

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>
#include <variant>

#include "store/ledger_books.hpp"
#include "store/own_call.hpp"
#include "store/spend.hpp"

namespace patchbay::store {

namespace {

/// Of a filter. With more, entries that it leaves are not rare among the newest.
constexpr std::int64_t kMostOrigins = 10'000;

// The names of entries, after the page has been found by numbers alone.
constexpr std::string_view kLogColumns =
    "SELECT e.client_call, (SELECT text FROM identity WHERE id = e.key), (SELECT text FROM "
    "identity WHERE id = e.model), (SELECT text FROM identity WHERE id = e.model_group), (SELECT "
    "text FROM identity WHERE id = e.deployment), (SELECT text FROM identity WHERE id = "
    "e.provider), (SELECT text FROM identity WHERE id = e.route), (SELECT text FROM identity WHERE "
    "id = e.customer), (SELECT user_id FROM \"user\" WHERE id = e.user), (SELECT team_id FROM team "
    "WHERE id = e.team), e.status, e.started, e.ended, e.prompt, e.completion, e.charge FROM ";
constexpr std::string_view kNewestFirst = " ORDER BY e.ended DESC, e.call DESC, e.attempt DESC";

// Conditions and their values in the same order. The texts are views into what is asked.
class Conditions {
  public:
    using Value = std::variant<std::int64_t, std::string_view, std::span<const std::uint8_t>>;

    explicit Conditions(std::string_view table) : table_(table) {}

    void add(std::string_view sql) { sql_.append(" AND ").append(table_).append(sql); }
    void number(std::string_view sql, const std::optional<std::int64_t>& value) {
        if (!value) return;
        add(sql);
        values_.emplace_back(*value);
    }
    // Of a column that has the number of a name.
    void name(std::string_view column, IdentityKind kind, const std::optional<std::string>& value) {
        if (!value) return;
        add(column);
        sql_ +=
            " = (SELECT id FROM identity WHERE kind = " + std::to_string(kind) + " AND text = ?)";
        values_.emplace_back(std::string_view(*value));
    }
    void text(std::string_view sql, const std::optional<std::string>& value) {
        if (!value) return;
        add(sql);
        values_.emplace_back(std::string_view(*value));
    }

    void raw(std::string_view sql) { sql_ += sql; }
    void value(Value value) { values_.push_back(value); }

    const std::string& sql() const { return sql_; }
    /// The place behind the last.
    int bind(Statement& statement, int place) const {
        for (const Value& value : values_) {
            std::visit([&](const auto& of) { statement.bind(place, of); }, value);
            ++place;
        }
        return place;
    }

  private:
    std::string table_, sql_;
    std::vector<Value> values_;
};

// What is asked for: of origins, where there are any, and of entries.
class LogFilter {
  public:
    LogFilter(const LogAsk& ask, bool origins)
        : until_(ask.until),
          origins_("o."),
          entries_("e."),
          one_call_(origins && ask.request.has_value()) {
        Conditions& of = origins ? origins_ : entries_;
        of.name("key", kKeys, ask.key_hash);
        of.name("customer", kCustomers, ask.customer);
        of.name("model", kModels, ask.model);
        of.name("model_group", kGroups, ask.model_group);
        of.name("deployment", kDeployments, ask.deployment);
        of.number("user = ?", ask.user);
        of.number("team = ?", ask.team);
        if (ask.team) of.add("team <> 0");
        if (one_call_) {
            add_call(*ask.request);
        } else {
            entries_.text("client_call = ?", ask.request);
        }
        entries_.number("charge >= ?", ask.least);
        entries_.number("charge <= ?", ask.most);
        if (ask.failed) entries_.add(*ask.failed ? "status >= 400" : "status < 400");
    }

    /// Few entries of many are found by their origins.
    bool by_origins() const { return !origins_.sql().empty() && !one_call_; }
    std::string origins() const {
        return "SELECT o.id FROM origin o WHERE o.id > 0" + origins_.sql();
    }
    int bind_origins(Statement& statement) const { return origins_.bind(statement, 1); }

    /// Entries that ended at a time or later, by an index ("INDEXED BY ...").
    std::string entries(std::string_view index = {}) const {
        std::string sql = " FROM entry e ";
        sql.append(index).append(one_call_ ? " WHERE +e.ended >= ? AND +e.ended < ?"
                                           : " WHERE e.ended >= ? AND e.ended < ?");
        if (!origins_.sql().empty()) sql += " AND e.origin IN (" + origins() + ")";
        return sql + entries_.sql();
    }
    int bind_entries(Statement& statement, std::int64_t from) const {
        statement.bind(1, from).bind(2, until_);
        return entries_.bind(statement, origins_.bind(statement, 3));
    }
    /// Those of one origin.
    std::string of_origin() const {
        return " FROM entry e INDEXED BY entry_origin WHERE e.origin = ? AND e.ended >= ? AND "
               "e.ended < ?" +
               entries_.sql();
    }
    int bind_of_origin(Statement& statement, std::int64_t origin, std::int64_t from) const {
        statement.bind(1, origin).bind(2, from).bind(3, until_);
        return entries_.bind(statement, 4);
    }

  private:
    // By the index of ids that clients have chosen, or by the number of a call whose id was made here; its attempts may begin
    // after midnight, and a clock may have been set back.
    void add_call(std::string_view id) {
        const auto made = ordered_uuid(id);
        if (!made) {
            entries_.value(id);
            return entries_.raw(" AND e.client_call = ? AND e.flags & 131072 = 0");
        }
        constexpr std::int64_t kMsOfDay = 86'400'000;
        std::int64_t ms = 0;
        for (std::size_t i = 0; i < 6; ++i) ms = ms << 8 | (*made)[i];
        first_ = last_ = *made;
        std::fill(first_.begin() + kOwnCallBytes, first_.end(), std::uint8_t{0});
        std::fill(last_.begin() + kOwnCallBytes, last_.end(), std::uint8_t{0xff});
        entries_.raw(
            " AND (e.client_call = ? AND e.flags & 131072 = 0 OR e.day IN (?, ?, ?) AND e.call >= "
            "? AND e.call <= ? AND e.client_call = ? AND e.flags & 131072 <> 0)");
        entries_.value(id);
        for (const int days : {-1, 0, 1}) entries_.value(ms / kMsOfDay + days);
        entries_.value(std::span<const std::uint8_t>(first_));
        entries_.value(std::span<const std::uint8_t>(last_));
        entries_.value(id);
    }

    std::int64_t until_;
    Conditions origins_, entries_;
    bool one_call_;
    Bytes16 first_{}, last_{};
};

// From when on a filter that goes by origins leaves as many entries as a page takes; the time that was asked for if it leaves fewer.
// Nothing: of too many origins.
Stored<std::optional<std::int64_t>> beginning(Database& database, const LogFilter& filter,
                                              const LogAsk& ask) {
    Statement origins(database.handle(), filter.origins() + " LIMIT ?");
    Statement newest(database.handle(),
                     "SELECT e.ended" + filter.of_origin() + " ORDER BY e.ended DESC LIMIT ?");
    origins.bind(filter.bind_origins(origins), kMostOrigins + 1);
    const auto most = static_cast<std::size_t>(ask.offset + ask.limit);
    std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> ends;
    for (std::int64_t count = 1;; ++count) {
        const auto origin = origins.step();
        if (!origin) return origin.error();
        if (!*origin) break;
        if (count > kMostOrigins) return std::optional<std::int64_t>();
        const bool enough = ends.size() == most;
        const int place = filter.bind_of_origin(newest, origins.number(0),
                                                enough && most > 0 ? ends.top() : ask.from);
        newest.bind(place, ask.offset + ask.limit);
        while (true) {
            const auto row = newest.step();
            if (!row) return row.error();
            if (!*row) break;
            ends.push(newest.number(0));
            if (ends.size() > most) ends.pop();
        }
        newest.reset();
    }
    if (ends.size() < most || most == 0) return std::optional(ask.from);
    return std::optional(ends.top());
}

}  // namespace

Stored<SpendLogs> spend_logs(Database& database, const LogAsk& ask) {
    SpendLogs logs;
    const LogFilter filter(ask, database.dialect().origins);
    std::string entries = filter.entries(filter.by_origins() ? "INDEXED BY entry_origin" : "");
    Statement counting(database.handle(),
                       "SELECT COUNT(*) FROM (SELECT 1" + entries + " LIMIT ?) counted");
    counting.bind(filter.bind_entries(counting, ask.from), ask.count_up_to);
    const auto counted = counting.step();
    if (!counted) return counted.error();
    logs.total = *counted ? counting.number(0) : 0;
    std::int64_t from = ask.from;
    if (filter.by_origins() && logs.total >= ask.count_up_to) {
        const auto begin = beginning(database, filter, ask);
        if (!begin) return begin.error();
        from = begin->value_or(from);
        if (!*begin) entries = filter.entries("INDEXED BY entry_ended");
    }
    Statement s(database.handle(), std::string(kLogColumns) + "(SELECT *" + entries +
                                       std::string(kNewestFirst) + " LIMIT ? OFFSET ?) e" +
                                       std::string(kNewestFirst));
    const int place = filter.bind_entries(s, from);
    s.bind(place, ask.limit).bind(place + 1, ask.offset);
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
