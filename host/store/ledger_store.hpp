// The books: what every attempt cost, posted by double entry, so that nothing is counted twice or lost.
//
// A batch is one transaction. It holds entries of one or several sources, each with the range of its
// sequence numbers; what a source has already posted is skipped, so a batch that comes again, after a crash or
// an answer that was lost, changes nothing, for ever and at the price of one row a source.
//
// Each entry is posted to four books and those of its debtors, and in each the postings of a batch sum to zero:
//
//   book        debit            credit
//   main        key +charge      provider -cost, house:margin -(charge - cost)
//   model       model +charge    house -charge
//   deployment  likewise
//   customer    likewise; entries of no customer are those of the customer ""
//   key row, user, team, organization, member: likewise, where the caller has one
//   counters (ledger_counters.hpp): likewise, for each that the entry names
//
// Postings are summed up for a batch and account: the entries are the detail.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"
#include "store/ledger_debtors.hpp"

namespace patchbay::store {

using Bytes16 = std::array<std::uint8_t, 16>;

/// One attempt of a call. Amounts are nano-dollars, times microseconds since 1970. Views.
struct LedgerLine {
    std::int64_t seq = 0;  ///< of its source, from 1 on, without gaps
    Bytes16 call{};        ///< made here, never the client's
    int attempt = 0;
    std::string_view client_call;  ///< x-litellm-call-id
    std::string_view key;  ///< who owes it: a hash; empty = the master key, or none is configured
    LedgerDebtors debtors{};
    std::string_view model_group;
    std::string_view model;
    std::string_view deployment;
    std::string_view provider;
    std::string_view route;
    std::string_view customer;
    std::string_view counters;  ///< packed: ledger_counters.hpp
    std::int64_t status = 0, flags = 0, tier = 0, started_us = 0, ended_us = 0;
    std::int64_t prompt = 0, completion = 0, cached = 0, written = 0;
    std::span<const std::uint8_t> usage;  ///< all counts, 8 bytes each
    std::int64_t price = 0;               ///< the card's id
    std::int64_t cost = 0, charge = 0;

    std::int64_t day() const { return started_us / 86'400'000'000; }
    /// Of its end: in that the charge counts for budgets.
    std::int64_t minute() const { return ended_us / 60'000'000; }
};

/// Entries of one ring of one process.
struct LedgerSource {
    Bytes16 epoch{};  ///< of the process
    int ring = 0;
    std::vector<LedgerLine> lines;  ///< by seq, rising
};

/// A rule of the books that does not hold.
struct Violation {
    std::string rule;    ///< "I1 every book of every batch sums to zero"
    std::int64_t where;  ///< a batch, an account, a day or a source, as the rule has it
};

struct LedgerTotals {
    std::int64_t entries = 0, batches = 0, cost = 0, charge = 0, poison = 0;
};

/// One thread at a time. Blocks on the disk, or on the server.
class LedgerStore {
  public:
    /// Opens it and brings it to the newest schema.
    static Stored<LedgerStore> open(const Address& address);
    LedgerStore(LedgerStore&&) noexcept;
    LedgerStore& operator=(LedgerStore&&) noexcept;
    ~LedgerStore();

    /// Posts what is not posted yet. On a failure nothing was; `away` is to be tried again, with `conflict`
    /// some entry can never be posted, which post() has found by halves: it stands in `poison` and counts as
    /// posted, and the others are in the books.
    Stored<void> post(const std::vector<LedgerSource>& sources);

    /// Posts corrections (corrections.hpp), all or none of them. `conflict`: somebody else has corrected one of the entries
    /// meanwhile, or its day is closed.
    Stored<void> correct(const LedgerSource& source);

    /// The last sequence number of a source that is posted; 0 if none is.
    Stored<std::int64_t> posted(const Bytes16& epoch, int ring);

    /// Looks whether the rules of the books hold; empty if they do.
    Stored<std::vector<Violation>> check();
    Stored<LedgerTotals> totals();

    Database& database();

  private:
    class Impl;
    explicit LedgerStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace patchbay::store
