// Entries of the books whose price was wrong: read, and corrected by entries of their own.
//
// An entry is never changed. A correction is an entry of the same call, day and debtors, without usage, whose amounts are the
// difference; its attempt is that of the entry and a thousand for each correction that it has had. So every rule of the
// books holds for corrections as for the rest, and what was corrected can be corrected again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/ledger_store.hpp"

namespace patchbay::store {

/// An entry as it stands, and what its corrections have made of it. Owns what it shows.
struct BookedEntry {
    Bytes16 call{};
    std::int64_t attempt = 0, corrections = 0;
    std::string client_call, key, model_group, model, deployment, provider, route, customer;
    std::string counters, usage;  ///< as in LedgerLine
    LedgerDebtors debtors{};
    std::int64_t status = 0, flags = 0, tier = 0, started_us = 0, ended_us = 0;
    std::int64_t price = 0, own_cost = 0, own_charge = 0;  ///< as it was booked at first
    std::int64_t cost = 0, charge = 0;                     ///< nano-dollars, with all corrections
    std::int64_t day = 0;                                  ///< counted from 1970
};

struct EntryPage {
    std::int64_t from = 0, until = 0;  ///< days counted from 1970; `until` is not within
    std::string_view model{};          ///< as the entry has it; empty = all
    std::int64_t limit = 2'000;
    /// The last entry of the page before; nullptr = the first page.
    const BookedEntry* after = nullptr;
};

/// Entries in the order of days and calls; no corrections.
Stored<std::vector<BookedEntry>> booked_entries(Database& database, const EntryPage& page);

/// What makes `entry` cost and charge these amounts, at a price of this number. Views into `entry`; the caller numbers it.
LedgerLine correction_of(const BookedEntry& entry, std::int64_t price, std::int64_t cost,
                         std::int64_t charge);

}  // namespace patchbay::store
