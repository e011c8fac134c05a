// What must hold of the books at any time, as queries that give no row while it does.
#pragma once

#include <span>
#include <string_view>

namespace patchbay::store {

struct LedgerRule {
    std::string_view name;
    std::string_view sql;     ///< each row is a violation; its first column says where
    bool of_origins = false;  ///< only where the dialect has them
};

std::span<const LedgerRule> ledger_rules();

}  // namespace patchbay::store
