// The rows that are managed: read by name, listed in pages, and changed with a trace.
//
// A change is a transaction with all rows that belong together; each row leaves a line in the audit log and
// one in `change`, by which the data plane learns that what it remembers is old. So there is no change
// without a trace, and no trace without the change.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "store/audit.hpp"
#include "store/database.hpp"
#include "store/row.hpp"

namespace patchbay::store {

/// One condition on a row.
struct Filter {
    enum class Op {
        equal,
        contains,         ///< a part of the text, whatever the case
        missing,          ///< is NULL
        one_of,           ///< the value is a JSON list of texts
        has_member,       ///< the value is a user's id: a member of this row
        one_of_teams_of,  ///< the value is a user's id: the column is a team of that user
    };
    std::string_view column{};  ///< of the table, or id, created_by
    Op op = Op::equal;
    Value value{};
};
/// Conditions of which one must hold.
using AnyOf = std::vector<Filter>;

struct PageAsk {
    std::string_view sort = "created_at";  ///< a column of the table, or id, created_at, updated_at
    bool descending = true;
    std::int64_t page = 1, size = 10;  ///< both at least 1
    bool deleted = false;              ///< of the rows that were deleted
};

struct RowPage {
    std::vector<Row> rows;
    std::int64_t total = 0;  ///< of all pages
};

/// One thread at a time. Blocks on the disk or the server, and on other writers, up to the times of Database.
class Records {
  public:
    /// `hmac_key` hides secrets in the audit log.
    static Stored<Records> open(const Address& address, std::string hmac_key);

    /// The row that is there with this value in a column that is unique; nothing if none is.
    Stored<std::optional<Row>> get(const Table& table, std::string_view column, const Value& value);
    /// By number; deleted rows as well.
    Stored<std::optional<Row>> get(const Table& table, std::int64_t id);
    /// Rows for which every one of `filters` has a condition that holds; in the order of the column and
    /// the number. A page that follows one that was read is found by that one's last row.
    Stored<RowPage> list(const Table& table, const std::vector<AnyOf>& filters, const PageAsk& ask);

    Stored<std::vector<Member>> members(Subject kind, std::int64_t parent);
    /// Of one user.
    Stored<std::vector<Member>> memberships(Subject kind, std::int64_t user);
    Stored<std::optional<Member>> member(Subject kind, std::int64_t parent, std::int64_t user);

    Database& database() { return database_; }

  private:
    friend class Writing;
    Records(Database database, std::string hmac_key);

    Statement& prepared(const std::string& sql);
    Stored<std::optional<Row>> one(const Table& table, Statement& statement);
    Stored<std::vector<Member>> members_by(std::string_view where, Subject kind, std::int64_t id);

    Database database_;
    std::string hmac_key_;
    std::map<std::string, Statement, std::less<>> statements_;  ///< by their SQL; bounded
    /// Where pages begin: question -> rows before it -> the last of these (sort column, id).
    std::map<std::string, std::map<std::int64_t, std::pair<Value, std::int64_t>>> cursors_;
};

/// A change under way; without commit() nothing of it happens.
class Writing {
  public:
    static Stored<Writing> begin(Records& records, Actor actor);

    /// Adds a row without a number, which it then has, and which was made now and by the actor unless it says otherwise; else
    /// changes one. `conflict` if the row is not any
    /// more as it was when it was read, or a name is taken.
    Stored<void> put(Row& row, std::string_view action);
    /// The row stays, as a deleted one.
    Stored<void> remove(Row& row);
    Stored<void> put(const Member& member);
    Stored<void> remove(const Member& member);
    /// From now until `until` the old hash of a key is good as well.
    Stored<void> keep_old_hash(const std::string& hash, std::int64_t key, std::int64_t until);
    Stored<void> commit();

  private:
    Writing(Records& records, Transaction transaction, Actor actor);
    Stored<void> note(Subject kind, std::int64_t subject);

    Records* records_;
    Transaction transaction_;
    Actor actor_;
};

}  // namespace patchbay::store
