#include "store/ledger_rules.hpp"

#include <array>

namespace patchbay::store {

namespace {

// Entries are looked at from the day on that follows the last one that was closed (retention.hpp).
constexpr auto kRules = std::to_array<LedgerRule>({
    {"I1 every book of every batch sums to zero",
     "SELECT batch FROM posting GROUP BY batch, book HAVING SUM(amount) <> 0"},
    {"I2 an account has what was posted to it",
     "SELECT a.id FROM account a LEFT JOIN posting p ON p.account = a.id GROUP BY a.id, a.posted "
     "HAVING a.posted <> COALESCE(SUM(p.amount), 0)"},
    {"I3 the entries of a batch are what it posts to keys",
     "SELECT batch FROM (SELECT batch, SUM(amount) amount FROM posting WHERE book = 1 AND house = "
     "0 GROUP BY batch) p FULL JOIN (SELECT batch, SUM(charge) charge FROM entry GROUP BY batch) e "
     "USING (batch) WHERE amount IS DISTINCT FROM charge AND batch NOT IN (SELECT id FROM batch "
     "WHERE first_day <= (SELECT COALESCE(MAX(day), -1) FROM closed_day))"},
    {"I4 all books tell the same sum",
     "SELECT book FROM account WHERE house = 0 AND book IN (1, 7, 8, 9) GROUP BY book HAVING "
     "SUM(posted - opening) <> "
     "(SELECT SUM(posted - opening) FROM account WHERE house = 0 AND book = 1)"},
    {"I5 a day's usage is that of its entries",
     "SELECT day FROM (SELECT day, SUM(charge) s, SUM(requests) n FROM daily GROUP BY day) d "
     "FULL JOIN (SELECT day, SUM(charge) s, COUNT(*) FILTER (WHERE attempt < 1000) n FROM entry "
     "GROUP BY day) e USING (day) "
     "WHERE (d.s IS DISTINCT FROM e.s OR d.n IS DISTINCT FROM e.n) AND day > "
     "(SELECT COALESCE(MAX(day), -1) FROM closed_day)"},
    {"I6 no sequence number is missing or posted twice",
     "SELECT source FROM (SELECT source, first_seq, lag(last_seq) OVER "
     "(PARTITION BY source ORDER BY first_seq) prev FROM seq_range) b "
     "WHERE first_seq <> COALESCE(prev, 0) + 1"},
    {"I7 a batch has as many entries and as much money as it says",
     "SELECT id FROM batch b LEFT JOIN (SELECT batch, COUNT(*) n, SUM(charge) s FROM entry GROUP "
     "BY batch) e ON e.batch = b.id WHERE (b.entries <> COALESCE(n, 0) OR b.charge <> COALESCE(s, "
     "0)) AND b.first_day > (SELECT COALESCE(MAX(day), -1) FROM closed_day)"},
    {"I8 keys, users, teams and organizations owe what their entries cost",
     "WITH kept AS (SELECT * FROM entry WHERE day > (SELECT COALESCE(MAX(day), -1) FROM "
     "closed_day)) SELECT COALESCE(id, 0) FROM (SELECT 12 book, key_row subject, SUM(charge) s "
     "FROM kept WHERE "
     "key_row <> 0 GROUP BY key_row UNION ALL SELECT 3, \"user\", SUM(charge) FROM kept WHERE "
     "\"user\" <> 0 GROUP BY \"user\" UNION ALL SELECT 4, team, SUM(charge) FROM kept WHERE team "
     "<> "
     "0 GROUP BY team UNION ALL SELECT 5, organization, SUM(charge) FROM kept WHERE organization "
     "<> "
     "0 GROUP BY organization) e FULL JOIN (SELECT id, book, subject, posted - opening posted, "
     "closed FROM account "
     "WHERE house = 0 AND book IN (3, 4, 5, 12)) a USING (book, subject) WHERE posted IS NULL OR "
     "posted <> closed + COALESCE(s, 0)"},
    {"I9 the minutes of an account add up to what was posted to it",
     "SELECT id FROM account a LEFT JOIN (SELECT account, SUM(charge) s FROM spend_minute GROUP BY "
     "account) m ON m.account = a.id WHERE house = 0 AND book IN (3, 4, 5, 7, 11, 12, 13) AND "
     "posted <> COALESCE(s, 0)"},
    {"I10 an entry has the origin that it tells",
     "SELECT e.batch FROM entry e LEFT JOIN origin o ON o.id = e.origin WHERE (o.key, o.key_row, "
     "o.user, o.team, o.organization, o.customer, o.model_group, o.model, o.deployment, "
     "o.provider, o.route) IS DISTINCT FROM (e.key, e.key_row, e.user, e.team, e.organization, "
     "e.customer, e.model_group, e.model, e.deployment, e.provider, e.route)",
     true},
});

}  // namespace

std::span<const LedgerRule> ledger_rules() {
    return kRules;
}

}  // namespace patchbay::store
