#include "store/spend_days.hpp"

#include <unordered_map>
#include <utility>

#include "store/hex.hpp"

namespace patchbay::store {

namespace {

/// Hash -> user.
using Owners = std::unordered_map<std::string, std::string>;

// A hash that was deleted and made again is its last key's.
Stored<Owners> owners(Database& database) {
    Statement keys(database.handle(),
                   "SELECT k.hash, u.user_id FROM key k JOIN \"user\" u ON u.id = k.\"user\" "
                   "ORDER BY k.id");
    Owners owners;
    while (true) {
        const auto row = keys.step();
        if (!row) return row.error();
        if (!*row) return owners;
        owners.insert_or_assign(hex(keys.text(0)), keys.text(1));
    }
}

}  // namespace

Stored<std::vector<SpendDay>> spent_by_day(Database& database, const SpendDayAsk& ask) {
    const auto known = owners(database);
    if (!known) return known.error();
    Statement sums(
        database.handle(),
        "SELECT d.day, COALESCE(k.text, ''), COALESCE(m.text, ''), SUM(d.charge) FROM daily "
        "d LEFT JOIN identity k ON k.id = d.key LEFT JOIN identity m ON m.id = d.model "
        "WHERE d.day >= ? AND d.day <= ? GROUP BY d.day, 2, 3 ORDER BY d.day, 2, 3");
    sums.bind(1, ask.first).bind(2, ask.last);
    std::vector<SpendDay> days;
    while (true) {
        const auto row = sums.step();
        if (!row) return row.error();
        if (!*row) return days;
        SpendDay one{sums.number(0), sums.text(1), {}, sums.text(2), sums.number(3)};
        if (ask.key_hash && *ask.key_hash != one.key_hash) continue;
        if (const auto owner = known->find(one.key_hash); owner != known->end()) {
            one.user = owner->second;
        }
        if (ask.user && *ask.user != one.user) continue;
        days.push_back(std::move(one));
    }
}

}  // namespace patchbay::store
