#include "store/migrations.hpp"

#include <array>
#include <string_view>

#include "contract/unix_time.hpp"
#include "store/identity_schema.hpp"
#include "store/origins.hpp"
#include "store/partitions.hpp"
#include "store/retention_schema.hpp"
#include "store/spend_schema.hpp"

namespace patchbay::store {

namespace {

struct Migration {
    std::string_view name;
    std::string_view sql;            ///< in the words of dialect.hpp
    std::string_view partitioned{};  ///< behind it, where entries are partitioned; as it stands
    std::string_view
        origins{};  ///< behind it, where entries have origins; in the words of dialect.hpp
};

constexpr std::string_view kVersions =
    "CREATE TABLE IF NOT EXISTS migration(version INT PRIMARY KEY, name TEXT NOT NULL, at INT NOT "
    "NULL)";

// A released step is never changed; what changes the schema is a new step behind the others.
//
// Times are microseconds since 1970, amounts nano-dollars, days counted from 1970. `identity` holds the
// names of things once; entries name them by number. Books: see ledger_store.cpp.
constexpr auto kMigrations = std::to_array<Migration>({
    {"the ledger", R"sql(
CREATE TABLE identity(id ID, kind INT NOT NULL, text TEXT NOT NULL, UNIQUE(kind, text));
CREATE TABLE account(id ID, book INT NOT NULL, house INT NOT NULL, subject INT NOT NULL,
                     posted INT NOT NULL, entries INT NOT NULL, UNIQUE(book, house, subject));
CREATE TABLE source(id ID, epoch BYTES NOT NULL, ring INT NOT NULL, last_seq INT NOT NULL,
                    UNIQUE(epoch, ring));
CREATE TABLE batch(id ID, entries INT NOT NULL, charge INT NOT NULL, posted_at INT NOT NULL);
CREATE TABLE seq_range(source INT NOT NULL REFERENCES source(id), first_seq INT NOT NULL,
                       last_seq INT NOT NULL, batch INT NOT NULL REFERENCES batch(id),
                       PRIMARY KEY(source, first_seq)) BY_KEY;
CREATE TABLE entry(day INT NOT NULL, call BYTES NOT NULL, attempt INT NOT NULL, batch INT NOT NULL,
                   client_call TEXT NOT NULL, key INT NOT NULL, model_group INT NOT NULL, model INT NOT NULL,
                   deployment INT NOT NULL, provider INT NOT NULL, route INT NOT NULL, customer INT NOT NULL,
                   status INT NOT NULL, flags INT NOT NULL, tier INT NOT NULL, started INT NOT NULL,
                   ended INT NOT NULL, prompt INT NOT NULL, completion INT NOT NULL, cached INT NOT NULL,
                   written INT NOT NULL, usage BYTES NOT NULL, price INT NOT NULL, cost INT NOT NULL,
                   charge INT NOT NULL, PRIMARY KEY(day, call, attempt)) BY_DAY;
CREATE INDEX entry_ended ON entry(ended, call);
CREATE INDEX entry_batch ON entry(batch);
CREATE TABLE posting(batch INT NOT NULL, account INT NOT NULL, book INT NOT NULL, house INT NOT NULL,
                     amount INT NOT NULL, entries INT NOT NULL, PRIMARY KEY(batch, account)) BY_KEY;
CREATE TABLE daily(day INT NOT NULL, key INT NOT NULL, model_group INT NOT NULL, model INT NOT NULL,
                   deployment INT NOT NULL, provider INT NOT NULL, route INT NOT NULL,
                   prompt INT NOT NULL, completion INT NOT NULL, cached INT NOT NULL, written INT NOT NULL,
                   requests INT NOT NULL, failed INT NOT NULL, cost INT NOT NULL, charge INT NOT NULL,
                   PRIMARY KEY(day, key, model_group, model, deployment, provider, route)) BY_KEY;
CREATE TABLE poison(source INT NOT NULL, seq INT NOT NULL, bytes BYTES NOT NULL, reason TEXT NOT NULL,
                    at INT NOT NULL, PRIMARY KEY(source, seq)) BY_KEY;
)sql",
     kPartitions},
    {"keys, users, teams and budgets", kIdentitySchema},
    {"spend of keys, users and teams", kSpendSchema},
    {"days that are closed", kRetentionSchema, kDropDays},
    {"logs by key, user and call", R"sql(
CREATE INDEX entry_key ON entry(key, ended, call);
CREATE INDEX entry_user ON entry("user", ended, call);
CREATE INDEX entry_client_call ON entry(client_call);
)sql"},
    {"what was owed before", R"sql(
ALTER TABLE account ADD COLUMN opening INT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN counters BYTES NOT NULL DEFAULT '';
)sql"},
    {"pages of large stores", R"sql(
CREATE INDEX entry_team ON entry(team, ended, call) WHERE team <> 0;
CREATE INDEX entry_customer ON entry(customer, ended, call);
CREATE INDEX entry_model ON entry(model, ended, call);
CREATE INDEX entry_model_group ON entry(model_group, ended, call);
CREATE INDEX entry_deployment ON entry(deployment, ended, call);
CREATE INDEX entry_failed ON entry(ended, call) WHERE status >= 400;
DROP INDEX entry_batch;
CREATE INDEX key_created ON key(created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX key_by_alias ON key(COALESCE(alias, ''), id) WHERE deleted_at IS NULL;
CREATE INDEX user_created ON "user"(created_at, id) WHERE deleted_at IS NULL;
)sql"},
    {"entries by their origin", "", {}, kOriginSchema},
});

}  // namespace

int newest_schema() {
    return static_cast<int>(kMigrations.size());
}

Stored<void> migrate(Database& database, int to) {
    const Dialect& dialect = database.dialect();
    while (true) {
        auto transaction = Transaction::begin(database, Lock::schema);
        if (!transaction) return transaction.error();
        auto made = database.execute(in_words_of(dialect, kVersions));
        if (!made) return made.error();
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
        auto done = database.execute(in_words_of(dialect, step.sql));
        if (done && dialect.partitioned && !step.partitioned.empty()) {
            done = database.execute(std::string(step.partitioned));
        }
        if (done && dialect.origins && !step.origins.empty()) {
            done = database.execute(in_words_of(dialect, step.origins));
        }
        if (!done) return done.error();
        Statement note(database.handle(), "INSERT INTO migration VALUES(?, ?, ?)");
        auto noted = note.bind(1, *version + 1).bind(2, step.name).bind(3, unix_us()).run();
        if (!noted) return noted.error();
        auto committed = transaction->commit();
        if (!committed) return committed.error();
    }
}

}  // namespace patchbay::store
