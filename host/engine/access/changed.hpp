// What was changed in the store, as rows of each kind: so that many changes at once are one walk over those who are known.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/access/principal.hpp"
#include "store/key_reader.hpp"

namespace patchbay::access {

class Changed {
  public:
    /// Asks the store for the hashes of the keys among them. A Failure if it does not say.
    static store::Stored<Changed> read(const std::vector<store::ChangeRecord>& changes,
                                       store::KeyReader& store, std::int64_t now_us);

    /// Marks the principal, if something was changed of which it was made: it is stale, and gone if it may not call any more.
    void mark(const Principal& principal) const;
    /// The numbers of all hashes of the keys that were changed.
    const std::vector<std::uint64_t>& prefixes() const { return prefixes_; }

  private:
    void add(const store::ChangeRecord& change);
    bool concerns(const Principal& principal) const;
    bool shuts(const Principal& principal) const;

    std::unordered_set<std::int64_t> keys_, users_, teams_, organizations_, budgets_;
    std::unordered_set<std::int64_t> shut_users_, shut_teams_, shut_organizations_;
    std::unordered_set<std::uint64_t> open_;  ///< hashes of keys that were changed
    std::vector<std::uint64_t> prefixes_;
    bool unknown_kind_ = false;  ///< it may concern everybody
};

}  // namespace patchbay::access
