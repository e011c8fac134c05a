// What the data plane asks of the store: who a key is, and what has changed.
#pragma once

#include <memory>
#include <vector>

#include "store/database.hpp"
#include "store/key_record.hpp"
#include "store/subjects.hpp"

namespace patchbay::store {

/// One row of `change`: what is remembered of the subject is old.
struct ChangeRecord {
    std::int64_t seq = 0;  ///< rises; the order in which changes were committed
    Subject kind = Subject::key;
    std::int64_t subject = 0;
    /// What is known of it may not serve on until it is read anew: it is blocked or gone, or of a kind that is not known. Of
    /// keys their hashes say so (KeyPrefix).
    bool shut = false;
};

/// The number of one of a key's hashes (key_prefix()).
struct KeyPrefix {
    std::uint64_t prefix = 0;
    bool open =
        false;  ///< it lets in: the key is not blocked and has not expired, nor has a grace period
    bool operator==(const KeyPrefix&) const = default;
};

/// A customer or a tag that is registered.
struct PartyName {
    std::int64_t row = 0;
    std::string name;
};

/// Reads only. One thread at a time. Blocks on the disk or the server, for 200 ms at most where others are in the way.
class KeyReader {
  public:
    /// The store must be there, with this program's schema.
    static Stored<KeyReader> open(const Address& address);
    KeyReader(KeyReader&&) noexcept;
    KeyReader& operator=(KeyReader&&) noexcept;
    ~KeyReader();

    /// The key with its user, team and organization, their limits, and what was spent in the periods that
    /// hold `now_us`. A hash that was replaced is found until its grace period ends. nullopt: nobody has
    /// such a key.
    Stored<std::optional<KeyRecord>> find_key(const KeyHash& hash, std::int64_t now_us);
    /// A customer or a tag, likewise. nullopt: nobody has registered it, and the defaults give it no limits.
    Stored<std::optional<PartyRecord>> find_party(Subject kind, std::string_view name,
                                                  const PartyDefaults& defaults,
                                                  std::int64_t now_us);
    /// Is it the user_id of a user, or the address of one, in small letters or large? An address is looked for among all users.
    Stored<bool> is_user(std::string_view name);
    /// The names of customers or tags with their rows, ascending: up to `most` behind the row `after`.
    Stored<std::vector<PartyName>> party_names(Subject kind, std::int64_t after, std::size_t most);
    /// What one has spent in the period of this duration that holds `now_us`, as far as it was posted.
    Stored<std::int64_t> spent(const Spender& spender, const BudgetDuration& duration,
                               std::int64_t now_us);

    /// The first 8 bytes, as a big-endian number, of the hashes of all keys, ascending: up to `most` from
    /// `from` on. Hashes in their grace period are among them.
    Stored<std::vector<std::uint64_t>> key_prefixes(std::uint64_t from, std::size_t most);
    /// Those of one key; none if it is not there any more.
    Stored<std::vector<KeyPrefix>> prefixes_of(std::int64_t key, std::int64_t now_us);

    /// Up to `most` changes behind `seq`, in their order.
    Stored<std::vector<ChangeRecord>> changes_after(std::int64_t seq, std::size_t most);
    /// The last one; 0 if there was none.
    Stored<std::int64_t> last_change();

  private:
    class Impl;
    explicit KeyReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The number under which a hash is among key_prefixes().
std::uint64_t key_prefix(const KeyHash& hash);

}  // namespace patchbay::store
