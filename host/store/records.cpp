#include "store/records.hpp"

#include <utility>

#include "store/bind.hpp"
#include "store/migrations.hpp"

namespace patchbay::store {

namespace {

// What every entity has, behind its own columns.
constexpr std::string_view kCommon =
    "id, version, doc, created_at, updated_at, created_by, updated_by, deleted_at";
constexpr int kCommonColumns = 8;
constexpr std::size_t kMaxQuestions = 64;  ///< whose pages are remembered
constexpr std::size_t kMaxStatements = 256;

// The columns of every entity, then its own.
std::string columns_of(const Table& table) {
    std::string names(kCommon);
    for (const Column& column : table.columns) names += ", " + quoted(column.name);
    return names;
}

std::string selected(const Table& table) {
    return "SELECT " + columns_of(table) + " FROM " + std::string(table.sql);
}

Row row_of(const Table& table, const Statement& s) {
    Row row(table);
    row.id = s.number(0);
    row.version = s.number(1);
    row.doc = s.text(2);
    row.created_at = s.number(3);
    row.updated_at = s.number(4);
    row.created_by = s.text(5);
    row.updated_by = s.text(6);
    if (!s.is_null(7)) row.deleted_at = s.number(7);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const int place = kCommonColumns + static_cast<int>(i);
        if (s.is_null(place)) continue;
        if (table.columns[i].type == ColumnType::integer) {
            row.values[i] = s.number(place);
        } else {
            row.values[i] = s.text(place);
        }
    }
    return row;
}

// The name of a column as SQL takes it; a name that is no column is a fault of the program.
std::string column_sql(const Table& table, std::string_view name) {
    for (const std::string_view common : {"id", "created_at", "updated_at", "created_by"}) {
        if (name == common) return std::string(name);
    }
    return quoted(table.columns[table.place(name)].name);
}

ColumnType type_of(const Table& table, std::string_view column) {
    for (const Column& c : table.columns) {
        if (c.name == column) return c.type;
    }
    return ColumnType::integer;
}

std::string condition(const Dialect& dialect, const Table& table, const Filter& filter) {
    const std::string kind = std::to_string(static_cast<int>(table.subject));
    const std::string team = std::to_string(static_cast<int>(Subject::team));
    switch (filter.op) {
        case Filter::Op::equal:
            return column_sql(table, filter.column) + " = ?";
        case Filter::Op::contains:
            return std::string(dialect.position) + "(lower(" + column_sql(table, filter.column) +
                   "), lower(?)) > 0";
        case Filter::Op::one_of:
            return column_sql(table, filter.column) + " IN (" + std::string(dialect.texts_of_list) +
                   ")";
        case Filter::Op::missing:
            return column_sql(table, filter.column) + " IS NULL";
        case Filter::Op::has_member:
            return "id IN (SELECT parent FROM member WHERE kind = " + kind + " AND \"user\" = ?)";
        case Filter::Op::one_of_teams_of:
            return column_sql(table, filter.column) +
                   " IN (SELECT parent FROM member WHERE kind = " + team + " AND \"user\" = ?)";
    }
    return "0";
}

}  // namespace

Records::Records(Database database, std::string hmac_key)
    : database_(std::move(database)), hmac_key_(std::move(hmac_key)) {}

Stored<Records> Records::open(const Address& address, std::string hmac_key) {
    auto database = Database::open(address);
    if (!database) return database.error();
    if (auto done = migrate(*database); !done) return done.error();
    return Records(std::move(*database), std::move(hmac_key));
}

Statement& Records::prepared(const std::string& sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second;
    return statements_.emplace(sql, Statement(database_.handle(), sql)).first->second;
}

Stored<std::optional<Row>> Records::one(const Table& table, Statement& statement) {
    const auto found = statement.step();
    std::optional<Row> row;
    if (found && *found) row = row_of(table, statement);
    statement.reset();
    if (!found) return found.error();
    return row;
}

Stored<std::optional<Row>> Records::get(const Table& table, std::string_view column,
                                        const Value& value) {
    Statement& statement = prepared(selected(table) + " WHERE " + column_sql(table, column) +
                                    " = ? AND deleted_at IS NULL");
    bind_value(statement, 1, value, type_of(table, column));
    return one(table, statement);
}

Stored<std::optional<Row>> Records::get(const Table& table, std::int64_t id) {
    return one(table, prepared(selected(table) + " WHERE id = ?").bind(1, id));
}

Stored<RowPage> Records::list(const Table& table, const std::vector<AnyOf>& filters,
                              const PageAsk& ask) {
    if (statements_.size() > kMaxStatements) statements_.clear();
    std::string where = ask.deleted ? " WHERE deleted_at IS NOT NULL" : " WHERE deleted_at IS NULL";
    std::vector<std::pair<const Value*, ColumnType>> values;
    std::string question = where;
    for (const AnyOf& any : filters) {
        std::string alternatives;
        for (const Filter& filter : any) {
            alternatives += (alternatives.empty() ? "" : " OR ") +
                            condition(database_.dialect(), table, filter);
            if (filter.op == Filter::Op::missing) continue;
            values.emplace_back(&filter.value, type_of(table, filter.column));
            question += '\0';
            if (const auto* n = std::get_if<std::int64_t>(&filter.value)) {
                question += std::to_string(*n);
            } else if (const auto* t = std::get_if<std::string>(&filter.value)) {
                question += *t;
            }
        }
        where += " AND (" + alternatives + ")";
    }
    const auto bind_all = [&](Statement& statement) {
        int place = 0;
        for (const auto& [value, type] : values) bind_value(statement, ++place, *value, type);
        return place;
    };
    RowPage page;
    Statement& counting = prepared("SELECT COUNT(*) FROM " + std::string(table.sql) + where);
    bind_all(counting);
    const auto counted = counting.step();
    page.total = counted && *counted ? counting.number(0) : 0;
    counting.reset();
    if (!counted) return counted.error();

    const bool is_text = ask.sort != "id" && ask.sort != "created_at" && ask.sort != "updated_at" &&
                         table.columns[table.place(ask.sort)].type != ColumnType::integer;
    // Columns that every entity has are never NULL, and their indexes say so.
    const bool common = ask.sort == "id" || ask.sort == "created_at" || ask.sort == "updated_at";
    const std::string sort =
        common ? column_sql(table, ask.sort)
               : "COALESCE(" + column_sql(table, ask.sort) + (is_text ? ", '')" : ", 0)");
    question = std::string(table.sql) + where + question + sort + (ask.descending ? "d" : "a");
    const std::int64_t before = (ask.page - 1) * ask.size;
    if (cursors_.size() >= kMaxQuestions && !cursors_.contains(question)) cursors_.clear();
    auto& known = cursors_[question];
    auto nearest = known.upper_bound(before);
    std::string sql = selected(table) + where;
    const bool from_cursor = before > 0 && nearest != known.begin();
    if (from_cursor) {
        --nearest;
        sql += " AND (" + sort + ", id) " + (ask.descending ? "<" : ">") + " (?, ?)";
    }
    const std::string direction = ask.descending ? " DESC" : " ASC";
    sql += " ORDER BY " + sort + direction + ", id" + direction + " LIMIT ? OFFSET ?";
    // The sort value of the last row is needed for the next page.
    sql.insert(std::string_view("SELECT ").size(), sort + " AS sorted, ");
    sql = "SELECT " + columns_of(table) + ", sorted FROM (" + sql + ") AS page";
    Statement& reading = prepared(sql);
    int place = bind_all(reading);
    if (from_cursor) {
        bind_value(reading, ++place, nearest->second.first, type_of(table, ask.sort));
        reading.bind(++place, nearest->second.second);
    }
    reading.bind(place + 1, ask.size);
    reading.bind(place + 2, from_cursor ? before - nearest->first : before);
    std::pair<Value, std::int64_t> last;
    const int sorted = kCommonColumns + static_cast<int>(table.columns.size());
    while (true) {
        const auto found = reading.step();
        if (!found) {
            reading.reset();
            return found.error();
        }
        if (!*found) break;
        page.rows.push_back(row_of(table, reading));
        last.second = page.rows.back().id;
        last.first = is_text ? Value(reading.text(sorted)) : Value(reading.number(sorted));
    }
    reading.reset();
    if (static_cast<std::int64_t>(page.rows.size()) == ask.size) known[before + ask.size] = last;
    return page;
}

Stored<std::vector<Member>> Records::members_by(std::string_view where, Subject kind,
                                                std::int64_t id) {
    Statement& statement = prepared(
        "SELECT kind, parent, \"user\", role, budget, doc FROM member WHERE kind = ? AND " +
        quoted(where) + " = ? ORDER BY parent, \"user\"");
    statement.bind(1, static_cast<std::int64_t>(kind)).bind(2, id);
    std::vector<Member> members;
    while (true) {
        const auto found = statement.step();
        if (!found || !*found) {
            statement.reset();
            if (!found) return found.error();
            return members;
        }
        Member member{kind, statement.number(1), statement.number(2), statement.text(3), {}, {}};
        if (!statement.is_null(4)) member.budget = statement.number(4);
        member.doc = statement.text(5);
        members.push_back(std::move(member));
    }
}

Stored<std::vector<Member>> Records::members(Subject kind, std::int64_t parent) {
    return members_by("parent", kind, parent);
}

Stored<std::vector<Member>> Records::memberships(Subject kind, std::int64_t user) {
    return members_by("user", kind, user);
}

Stored<std::optional<Member>> Records::member(Subject kind, std::int64_t parent,
                                              std::int64_t user) {
    auto all = members(kind, parent);
    if (!all) return all.error();
    for (Member& member : *all) {
        if (member.user == user) return std::optional(std::move(member));
    }
    return std::optional<Member>();
}

}  // namespace patchbay::store
