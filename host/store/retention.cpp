#include "store/retention.hpp"

#include <array>

#include "contract/unix_time.hpp"

namespace patchbay::store {

namespace {

// For each book of debtors: what they were charged by entries that are about to be closed.
constexpr auto kCloseAccounts = std::to_array<std::string_view>({
    "UPDATE account SET closed = closed + e.charge FROM (SELECT key_row AS subject, SUM(charge) AS "
    "charge FROM entry WHERE day > ?1 AND day <= ?2 GROUP BY key_row) e WHERE account.house = 0 "
    "AND "
    "account.book = 12 AND account.subject = e.subject",
    "UPDATE account SET closed = closed + e.charge FROM (SELECT \"user\" AS subject, SUM(charge) "
    "AS "
    "charge FROM entry WHERE day > ?1 AND day <= ?2 GROUP BY \"user\") e WHERE account.house = 0 "
    "AND account.book = 3 AND account.subject = e.subject",
    "UPDATE account SET closed = closed + e.charge FROM (SELECT team AS subject, SUM(charge) AS "
    "charge FROM entry WHERE day > ?1 AND day <= ?2 GROUP BY team) e WHERE account.house = 0 AND "
    "account.book = 4 AND account.subject = e.subject",
    "UPDATE account SET closed = closed + e.charge FROM (SELECT organization AS subject, "
    "SUM(charge) AS charge FROM entry WHERE day > ?1 AND day <= ?2 GROUP BY organization) e WHERE "
    "account.house = 0 AND account.book = 5 AND account.subject = e.subject",
});
constexpr std::string_view kCloseDay =
    "INSERT INTO closed_day(day, entries, charge, at) SELECT ?1, COUNT(*), COALESCE(SUM(charge), "
    "0), ?2 FROM entry WHERE day > ?3 AND day <= ?1";
constexpr std::string_view kSomeEntries =
    "DELETE FROM entry WHERE (day, call, attempt) IN (SELECT day, call, attempt FROM entry WHERE "
    "day <= ?1 ORDER BY day, call, attempt LIMIT ?2) RETURNING attempt";
constexpr std::int64_t kAtOnce = 1000;

}  // namespace

Stored<std::int64_t> last_closed_day(Database& database) {
    return database.number("SELECT COALESCE(MAX(day), -1) FROM closed_day");
}

Stored<void> close_days(Database& database, std::int64_t last) {
    auto transaction = Transaction::begin(database, Lock::closing);
    if (!transaction) return transaction.error();
    const auto before = last_closed_day(database);
    if (!before) return before.error();
    if (*before >= last) return {};
    for (const std::string_view sql : kCloseAccounts) {
        Statement close(database.handle(), sql);
        if (auto done = close.bind(1, *before).bind(2, last).run(); !done) return done;
    }
    Statement close(database.handle(), kCloseDay);
    if (auto done = close.bind(1, last).bind(2, unix_us()).bind(3, *before).run(); !done)
        return done;
    return transaction->commit();
}

Stored<bool> forget_entries(Database& database) {
    const auto closed = last_closed_day(database);
    if (!closed) return closed.error();
    if (database.dialect().partitioned) {
        Statement drop(database.handle(), "SELECT drop_days(?)");
        const auto dropped = drop.bind(1, *closed).step();
        if (!dropped) return dropped.error();
        return false;
    }
    Statement some(database.handle(), kSomeEntries);
    some.bind(1, *closed).bind(2, kAtOnce);
    std::int64_t taken = 0;
    while (true) {
        const auto row = some.step();
        if (!row) return row.error();
        if (!*row) return taken == kAtOnce;
        ++taken;
    }
}

}  // namespace patchbay::store
