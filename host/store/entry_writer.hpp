// Rows of entries, several with a statement.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "store/database.hpp"
#include "store/ledger_store.hpp"
#include "store/origins.hpp"

namespace patchbay::store {

/// A line, and where it comes from and goes to.
struct Booked {
    const LedgerLine* line;
    const Origin* origin;
};

/// One thread at a time; within a transaction.
class EntryWriter {
  public:
    explicit EntryWriter(Database& database);

    /// Writes the entries of a batch. What the lines view must stay until it returns.
    Stored<void> write(std::span<const Booked> booked, std::int64_t batch);

  private:
    int bind(Statement& add, int place, const Booked& booked, std::int64_t batch) const;

    bool origins_;
    Statement one_, several_;
};

}  // namespace patchbay::store
