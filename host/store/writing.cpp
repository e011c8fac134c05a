// The changing half of records.hpp.
#include <utility>

#include "contract/unix_time.hpp"
#include "store/bind.hpp"
#include "store/records.hpp"

namespace patchbay::store {

namespace {

std::string insert_sql(const Table& table) {
    std::string names = "doc, created_at, created_by, updated_at, updated_by";
    std::string places = "?, ?, ?, ?, ?";
    for (const Column& column : table.columns) {
        names += ", " + quoted(column.name);
        places += ", ?";
    }
    return "INSERT INTO " + std::string(table.sql) + "(" + names + ") VALUES(" + places +
           ") RETURNING id, version";
}

std::string update_sql(const Table& table) {
    std::string sets = "doc = ?, updated_at = ?, updated_by = ?, deleted_at = ?";
    for (const Column& column : table.columns) sets += ", " + quoted(column.name) + " = ?";
    return "UPDATE " + std::string(table.sql) + " SET " + sets +
           ", version = version + 1 WHERE id = ? AND version = ? RETURNING id, version";
}

Failure moved_on() {
    return {Failure::Kind::conflict, "the row was changed by somebody else meanwhile"};
}

// How the audit log names a row: as clients do, but for keys, whose hash stays out of it.
std::string object_of(const Row& row) {
    if (row.table->subject == Subject::key) return "key " + std::to_string(row.id);
    const std::string name = row.text(row.table->known_by);
    return name.empty() ? std::string(row.table->name) + " " + std::to_string(row.id) : name;
}

}  // namespace

Writing::Writing(Records& records, Transaction transaction, Actor actor)
    : records_(&records), transaction_(std::move(transaction)), actor_(std::move(actor)) {}

Stored<Writing> Writing::begin(Records& records, Actor actor) {
    auto transaction = Transaction::begin(records.database_, Lock::management);
    if (!transaction) return transaction.error();
    return Writing(records, std::move(*transaction), std::move(actor));
}

Stored<void> Writing::note(Subject kind, std::int64_t subject) {
    Statement& add = records_->prepared("INSERT INTO change(kind, subject, at) VALUES(?, ?, ?)");
    return add.bind(1, static_cast<std::int64_t>(kind)).bind(2, subject).bind(3, unix_us()).run();
}

Stored<void> Writing::put(Row& row, std::string_view action) {
    const Table& table = *row.table;
    std::string before;
    if (row.id != 0) {
        const auto old = records_->get(table, row.id);
        if (!old) return old.error();
        if (!*old) return moved_on();
        before = audited(**old, records_->hmac_key_);
    }
    const std::int64_t now = unix_us();
    row.updated_at = now;
    row.updated_by = actor_.user_id;
    if (row.id == 0) {
        if (row.created_at == 0) row.created_at = now;
        if (row.created_by.empty()) row.created_by = actor_.user_id;
    }
    Statement& writing = records_->prepared(row.id == 0 ? insert_sql(table) : update_sql(table));
    int place = 1;
    writing.bind(place++, row.doc);
    if (row.id == 0) {
        writing.bind(place++, row.created_at);
        writing.bind(place++, row.created_by);
    }
    writing.bind(place++, row.updated_at);
    writing.bind(place++, row.updated_by);
    if (row.id != 0) {
        if (row.deleted_at) writing.bind(place, *row.deleted_at);
        ++place;
    }
    for (std::size_t i = 0; i < row.values.size(); ++i) {
        bind_value(writing, place++, row.values[i], table.columns[i].type);
    }
    if (row.id != 0) writing.bind(place, row.id).bind(place + 1, row.version);
    const auto written = writing.step();
    const bool done = written && *written;
    const std::int64_t id = done ? writing.number(0) : 0;
    const std::int64_t version = done ? writing.number(1) : 0;
    writing.reset();
    if (!written) return written.error();
    if (!done) return moved_on();
    row.id = id;
    row.version = version;
    const std::string after = row.deleted_at ? "" : audited(row, records_->hmac_key_);
    auto logged =
        add_audit(records_->database_, actor_, action, table.name, object_of(row), before, after);
    if (!logged) return logged.error();
    return note(table.subject, row.id);
}

Stored<void> Writing::remove(Row& row) {
    row.deleted_at = unix_us();
    return put(row, "deleted");
}

Stored<void> Writing::put(const Member& member) {
    Statement& writing = records_->prepared(
        "INSERT INTO member(kind, parent, \"user\", role, budget, doc) VALUES(?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(kind, parent, \"user\") DO UPDATE SET role = excluded.role, budget = "
        "excluded.budget, doc = excluded.doc");
    writing.bind(1, static_cast<std::int64_t>(member.kind)).bind(2, member.parent);
    writing.bind(3, member.user).bind(4, member.role).bind(6, member.doc);
    if (member.budget) writing.bind(5, *member.budget);
    if (auto done = writing.run(); !done) return done.error();
    const std::string object = std::to_string(member.parent) + "/" + std::to_string(member.user);
    auto logged =
        add_audit(records_->database_, actor_, "updated", "member", object, "", member.role);
    if (!logged) return logged.error();
    if (auto noted = note(member.kind, member.parent); !noted) return noted.error();
    return note(Subject::member, member.user);
}

Stored<void> Writing::remove(const Member& member) {
    Statement& writing =
        records_->prepared("DELETE FROM member WHERE kind = ? AND parent = ? AND \"user\" = ?");
    writing.bind(1, static_cast<std::int64_t>(member.kind)).bind(2, member.parent);
    if (auto done = writing.bind(3, member.user).run(); !done) return done.error();
    const std::string object = std::to_string(member.parent) + "/" + std::to_string(member.user);
    auto logged =
        add_audit(records_->database_, actor_, "deleted", "member", object, member.role, "");
    if (!logged) return logged.error();
    if (auto noted = note(member.kind, member.parent); !noted) return noted.error();
    return note(Subject::member, member.user);
}

Stored<void> Writing::keep_old_hash(const std::string& hash, std::int64_t key, std::int64_t until) {
    Statement& writing = records_->prepared(
        "INSERT INTO key_old(hash, key, until) VALUES(?, ?, ?) ON CONFLICT(hash) DO UPDATE SET "
        "until = excluded.until, key = excluded.key");
    if (auto done = writing.bind(1, bytes_of(hash)).bind(2, key).bind(3, until).run(); !done) {
        return done.error();
    }
    return note(Subject::key, key);
}

Stored<void> Writing::commit() {
    auto done = transaction_.commit();
    if (!done) return done.error();
    records_->cursors_.clear();
    return {};
}

}  // namespace patchbay::store
