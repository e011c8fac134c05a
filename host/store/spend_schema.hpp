// What keys, users, teams and organizations have spent, and when: budgets are checked against it.
//
// A budget's period is computed from the clock, so what was spent in it is the sum of its minutes, whatever
// the period is and whenever the budget was given. Every minute of an account with a charge is a row.
#pragma once

#include <string_view>

namespace patchbay::store {

/// Statements of one migration, in the words of dialect.hpp. What customers have spent before it counts for budgets without a
/// duration alone.
inline constexpr std::string_view kSpendSchema = R"sql(
ALTER TABLE entry ADD COLUMN key_row INT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN "user" INT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN team INT NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN organization INT NOT NULL DEFAULT 0;
CREATE TABLE spend_minute(account INT NOT NULL, minute INT NOT NULL, charge INT NOT NULL,
                          PRIMARY KEY(account, minute)) BY_KEY;
INSERT INTO spend_minute SELECT id, 0, posted FROM account WHERE house = 0 AND book = 7 AND posted <> 0;
)sql";

}  // namespace patchbay::store
