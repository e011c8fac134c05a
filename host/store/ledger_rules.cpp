#include "store/ledger_rules.hpp"

#include <array>

namespace patchbay::store {

namespace {

constexpr auto kRules = std::to_array<LedgerRule>({
    {"I1 every book of every batch sums to zero",
     "SELECT batch FROM posting GROUP BY batch, book HAVING SUM(amount) <> 0"},
    {"I2 an account has what was posted to it",
     "SELECT a.id FROM account a LEFT JOIN posting p ON p.account = a.id GROUP BY a.id, a.posted "
     "HAVING a.posted <> COALESCE(SUM(p.amount), 0)"},
    {"I3 the entries of a batch are what it posts to keys",
     "SELECT batch FROM (SELECT batch, SUM(amount) amount FROM posting WHERE book = 1 AND house = "
     "0 "
     "GROUP BY batch) p FULL JOIN (SELECT batch, SUM(charge) charge FROM entry GROUP BY batch) e "
     "USING (batch) WHERE amount IS DISTINCT FROM charge"},
    {"I4 all books tell the same sum",
     "SELECT book FROM account WHERE house = 0 GROUP BY book HAVING SUM(posted) <> "
     "(SELECT SUM(posted) FROM account WHERE house = 0 AND book = 1)"},
    {"I5 a day's usage is that of its entries",
     "SELECT day FROM (SELECT day, SUM(charge) s, SUM(requests) n FROM daily GROUP BY day) d "
     "FULL JOIN (SELECT day, SUM(charge) s, COUNT(*) n FROM entry GROUP BY day) e USING (day) "
     "WHERE d.s IS DISTINCT FROM e.s OR d.n IS DISTINCT FROM e.n"},
    {"I6 no sequence number is missing or posted twice",
     "SELECT source FROM (SELECT source, first_seq, lag(last_seq) OVER "
     "(PARTITION BY source ORDER BY first_seq) prev FROM seq_range) b "
     "WHERE first_seq <> COALESCE(prev, 0) + 1"},
    {"I7 a batch has as many entries and as much money as it says",
     "SELECT id FROM batch b LEFT JOIN (SELECT batch, COUNT(*) n, SUM(charge) s FROM entry GROUP "
     "BY "
     "batch) e ON e.batch = b.id WHERE b.entries <> COALESCE(n, 0) OR b.charge <> COALESCE(s, 0)"},
});

}  // namespace

std::span<const LedgerRule> ledger_rules() {
    return kRules;
}

}  // namespace patchbay::store
