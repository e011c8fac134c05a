#include "store/migrations.hpp"

#include <array>
#include <chrono>
#include <string_view>

#include "store/identity_schema.hpp"
#include "store/spend_schema.hpp"

namespace patchbay::store {

namespace {

struct Migration {
    std::string_view name;
    std::string_view sql;
};

// A released step is never changed; what changes the schema is a new step behind the others.
//
// Times are microseconds since 1970, amounts nano-dollars, days counted from 1970. `identity` holds the
// names of things once; entries name them by number. Books: see ledger_store.cpp.
constexpr auto kMigrations = std::to_array<Migration>({
    {"the ledger", R"sql(
CREATE TABLE identity(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE(kind, text));
CREATE TABLE account(id INTEGER PRIMARY KEY, book INTEGER NOT NULL, house INTEGER NOT NULL, subject INTEGER NOT NULL,
                     posted INTEGER NOT NULL, entries INTEGER NOT NULL, UNIQUE(book, house, subject));
CREATE TABLE source(id INTEGER PRIMARY KEY, epoch BLOB NOT NULL, ring INTEGER NOT NULL, last_seq INTEGER NOT NULL,
                    UNIQUE(epoch, ring));
CREATE TABLE batch(id INTEGER PRIMARY KEY, entries INTEGER NOT NULL, charge INTEGER NOT NULL, posted_at INTEGER NOT NULL);
CREATE TABLE seq_range(source INTEGER NOT NULL REFERENCES source(id), first_seq INTEGER NOT NULL,
                       last_seq INTEGER NOT NULL, batch INTEGER NOT NULL REFERENCES batch(id),
                       PRIMARY KEY(source, first_seq)) WITHOUT ROWID;
CREATE TABLE entry(day INTEGER NOT NULL, call BLOB NOT NULL, attempt INTEGER NOT NULL, batch INTEGER NOT NULL,
                   client_call TEXT NOT NULL, key INTEGER NOT NULL, model_group INTEGER NOT NULL, model INTEGER NOT NULL,
                   deployment INTEGER NOT NULL, provider INTEGER NOT NULL, route INTEGER NOT NULL, customer INTEGER NOT NULL,
                   status INTEGER NOT NULL, flags INTEGER NOT NULL, tier INTEGER NOT NULL, started INTEGER NOT NULL,
                   ended INTEGER NOT NULL, prompt INTEGER NOT NULL, completion INTEGER NOT NULL, cached INTEGER NOT NULL,
                   written INTEGER NOT NULL, usage BLOB NOT NULL, price INTEGER NOT NULL, cost INTEGER NOT NULL,
                   charge INTEGER NOT NULL, PRIMARY KEY(day, call, attempt)) WITHOUT ROWID;
CREATE INDEX entry_ended ON entry(ended, call);
CREATE INDEX entry_batch ON entry(batch);
CREATE TABLE posting(batch INTEGER NOT NULL, account INTEGER NOT NULL, book INTEGER NOT NULL, house INTEGER NOT NULL,
                     amount INTEGER NOT NULL, entries INTEGER NOT NULL, PRIMARY KEY(batch, account)) WITHOUT ROWID;
CREATE TABLE daily(day INTEGER NOT NULL, key INTEGER NOT NULL, model_group INTEGER NOT NULL, model INTEGER NOT NULL,
                   deployment INTEGER NOT NULL, provider INTEGER NOT NULL, route INTEGER NOT NULL,
                   prompt INTEGER NOT NULL, completion INTEGER NOT NULL, cached INTEGER NOT NULL, written INTEGER NOT NULL,
                   requests INTEGER NOT NULL, failed INTEGER NOT NULL, cost INTEGER NOT NULL, charge INTEGER NOT NULL,
                   PRIMARY KEY(day, key, model_group, model, deployment, provider, route)) WITHOUT ROWID;
CREATE TABLE poison(source INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, reason TEXT NOT NULL,
                    at INTEGER NOT NULL, PRIMARY KEY(source, seq)) WITHOUT ROWID;
)sql"},
    {"keys, users, teams and budgets", kIdentitySchema},
    {"spend of keys, users and teams", kSpendSchema},
});

std::int64_t now_us() {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    return duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

int newest_schema() {
    return static_cast<int>(kMigrations.size());
}

Stored<void> migrate(Database& database, int to) {
    auto made = database.execute(
        "CREATE TABLE IF NOT EXISTS migration(version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
        "at INTEGER NOT NULL)");
    if (!made) return made.error();
    while (true) {
        auto transaction = Transaction::begin(database);
        if (!transaction) return transaction.error();
        const auto version = database.number("SELECT COALESCE(MAX(version), 0) FROM migration");
        if (!version) return version.error();
        if (*version > newest_schema()) {
            return Failure{Failure::Kind::corrupt,
                           "the store has version " + std::to_string(*version) +
                               ", which a newer program has written; this one knows up to " +
                               std::to_string(newest_schema())};
        }
        if (*version >= to) return {};
        const Migration& step = kMigrations[static_cast<std::size_t>(*version)];
        auto done = database.execute(std::string(step.sql));
        if (!done) return done.error();
        Statement note(database.handle(), "INSERT INTO migration VALUES(?, ?, ?)");
        auto noted = note.bind(1, *version + 1).bind(2, step.name).bind(3, now_us()).run();
        if (!noted) return noted.error();
        auto committed = transaction->commit();
        if (!committed) return committed.error();
    }
}

}  // namespace patchbay::store
