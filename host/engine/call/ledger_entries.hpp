// What a call leaves for the account of money.
#pragma once

#include <vector>

#include "engine/call/usage_account.hpp"
#include "engine/records/ledger_entry.hpp"

namespace patchbay {

/// An entry for each attempt that has begun, in their order; one that is under way ends now.
std::vector<LedgerEntry> ledger_entries(const UsageAccount& account);

}  // namespace patchbay
