// The virtual keys that this process knows, and how it comes to know them.
//
//     loop -> its own table -> Keyring: known? not there? -> lookup thread -> store
//
// A key is read when it is first used, and once for all loops, however many requests wait for it. From then on it is
// good until the store tells of a change: a second thread asks for those twice a second, and marks what was
// read of their subjects as stale, so that the next request has it read anew. While the store is away, keys that are
// known go on for a time, and others are refused at once. So does one that was changed, as it was before, where the store
// is too slow to say what it is now; but not one that was blocked, deleted, replaced or has expired: changes tell of that.
//
// Guessing keys costs the store nothing: the first 8 bytes of all hashes are here, and a hash that is not among them
// is looked up, as it may be new, so many times a second and no more. Others wait until changes were heard of, which
// says whether they are new: so that many keys may be made and used at once.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "contract/error.hpp"
#include "engine/access/key_hash.hpp"
#include "engine/access/principal.hpp"
#include "store/key_reader.hpp"

namespace patchbay::access {

struct KeyringOptions {
    patchbay::store::Address store;  ///< with this program's schema
    KeyTerms terms{};
    std::chrono::milliseconds poll{500};
    std::chrono::milliseconds negative{1000};  ///< how long a key that was not found is not
    std::chrono::seconds max_stale{3600};  ///< how long known keys go on while the store is away
    std::size_t most = 65'536;             ///< principals
    std::size_t waiting = 1024;  ///< requests that wait for a lookup, and as many for changes
    /// Told of all changes, on the watch thread, before what they concern is stale here; may be empty.
    std::function<void(const std::vector<patchbay::store::ChangeRecord>&)> heard{};
    /// Told of the limits of each key that was read, on the lookup thread, before a call uses them: where gateways
    /// share limits a share is asked for. May take a moment; may be empty.
    std::function<void(const Limits&)> share{};
    int new_keys = 50;  ///< different hashes a second that are looked up though not in the set
};

class Changed;

/// A principal, or why there is none.
struct FoundKey {
    std::shared_ptr<const Principal> principal;
    std::optional<Error> refused;
    bool away = false;  ///< the store did not say: who was known before may go on
};

/// Started and stopped from one thread; all else from any.
class Keyring {
  public:
    using Done = std::function<void(const FoundKey&)>;

    /// Reads the set of keys and starts the threads. On failure the text says why.
    static boost::system::result<std::unique_ptr<Keyring>, std::string> start(
        KeyringOptions options);
    ~Keyring();
    Keyring(const Keyring&) = delete;
    Keyring& operator=(const Keyring&) = delete;

    /// Ends the threads; lookups that wait are forgotten.
    void stop();

    /// What the configuration says of keys, from now on.
    void use(KeyTerms terms);

    /// What is known without asking the store; nullopt: it must be asked. Takes a lock, which is never held while
    /// anybody waits for the store.
    std::optional<FoundKey> known(const store::KeyHash& hash);
    /// What was known before it was changed, for those to whom the store did not say in time what it is now: for `max_stale`,
    /// and not if the change has shut it out. nullptr: there is none. Takes the same lock.
    std::shared_ptr<const Principal> before(const store::KeyHash& hash);
    /// Asks the store. `done` is called once, on one of the threads, unless the keyring is stopped before. False:
    /// too many wait, or the store is away.
    bool find(const store::KeyHash& hash, Done done);

    /// Have changes been heard of lately enough to trust what is known? One load.
    bool current() const;
    /// Have they been within some seconds, so that the store answers? Likewise.
    bool hears() const;

  private:
    using Clock = std::chrono::steady_clock;
    using Waiting = std::unordered_map<store::KeyHash, std::vector<Done>, HashOfHash>;

    Keyring(KeyringOptions options, store::KeyReader lookup, store::KeyReader watch);
    std::string read_all();
    void look_up();
    void watch();
    void apply(const std::vector<store::ChangeRecord>& changes, const Changed& changed);
    FoundKey read_key(const store::KeyHash& hash, const KeyTerms& terms);
    void tell_priority(const Principal& principal, const KeyTerms& terms);
    void keep(const store::KeyHash& hash, const FoundKey& found);
    bool may_be_new(const store::KeyHash& hash);
    bool is_in_set(const store::KeyHash& hash) const;
    bool wait_for_changes(std::unique_lock<std::mutex>& lock);
    void decide(Waiting late, bool away, std::unique_lock<std::mutex>& lock);
    void note_unknown(const store::KeyHash& hash);

    const KeyringOptions options_;
    store::KeyReader lookup_, watch_;  ///< each of its thread
    SubjectTable subjects_;
    std::set<std::string> told_priorities_;  ///< of which a line told; of the lookup thread

    std::mutex mutex_;
    std::condition_variable wake_;
    std::shared_ptr<const KeyTerms> terms_;  ///< never null
    std::unordered_map<store::KeyHash, std::shared_ptr<const Principal>, HashOfHash> principals_;
    std::deque<store::KeyHash>
        order_;  ///< as they were read; the first one goes when there are too many
    std::unordered_map<store::KeyHash, Clock::time_point, HashOfHash> unknown_;
    std::vector<std::uint64_t> prefixes_;  ///< of all keys, sorted
    Waiting waiting_;
    std::deque<store::KeyHash> queue_;
    std::size_t waiters_ = 0;
    Waiting late_;  ///< until changes were heard of
    std::size_t late_waiters_ = 0;
    std::int64_t change_ = 0;  ///< the last one that was taken
    Clock::time_point bucket_began_{}, away_until_{};
    int failures_ = 0;
    std::vector<store::KeyHash>
        asked_;  ///< since bucket_began_, of those that are not in the set; at most new_keys
    bool stopping_ = false;

    std::atomic<std::int64_t> heard_{0};  ///< when changes were last asked for, Clock's ticks
    std::thread lookup_thread_, watch_thread_;
};

}  // namespace patchbay::access
