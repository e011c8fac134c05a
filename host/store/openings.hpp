// What somebody owed before these books were kept: posted once, against the house, under a heading of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/database.hpp"
#include "store/ledger_books.hpp"

namespace patchbay::store {

/// Amounts are nano-dollars.
struct Opening {
    Book book = kKeyRow;
    std::int64_t subject = 0;  ///< the number of a row, where the book goes by rows
    IdentityKind kind{};       ///< else the kind of
    std::string name{};        ///< this name
    std::int64_t ever = 0;     ///< all that was owed
    std::int64_t within = 0;   ///< the part of it that counts for budgets in
    std::int64_t minute =
        0;  ///< this minute since 1970; the rest counts for budgets without a duration alone
};

/// Posts what the openings are more than what was posted of the same before, in one batch; an account's opening never falls.
/// The nano-dollars that were posted. Within the transaction of the caller, as the last of it: it locks accounts in the
/// order in which entries are posted.
Stored<std::int64_t> post_openings(Database& database, std::vector<Opening> openings);

}  // namespace patchbay::store
