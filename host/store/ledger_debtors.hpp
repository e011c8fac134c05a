// Who owes what an attempt costs, besides the hash of the key that was presented.
#pragma once

#include <cstdint>

namespace patchbay::store {

/// Numbers of rows of the store; 0 = there is none.
struct LedgerDebtors {
    std::int64_t key = 0, user = 0, team = 0, organization = 0;
    bool operator==(const LedgerDebtors&) const = default;
};

}  // namespace patchbay::store
