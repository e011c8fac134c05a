// The customers and tags that this process knows, and how it comes to know them.
//
//     loop -> registered at all? -> its own table -> PartyBook -> lookup thread -> store
//
// Most names in requests are registered nowhere and cost the store nothing: the names of all that are stand in a
// filter, which is asked without a lock. Those that are registered are read when they are first used, once for all
// loops, and are good until the store tells of a change. Where customers have default limits every name is looked
// up, as each has its own spend; and where they are validated, as it may be a user's.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <boost/system/result.hpp>

#include "contract/error.hpp"
#include "engine/access/name_filter.hpp"
#include "engine/access/party_finder.hpp"
#include "engine/access/party_terms.hpp"
#include "store/key_reader.hpp"

namespace patchbay::access {

/// For tables of names that are asked for with views.
struct HashOfName {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
        return std::hash<std::string_view>()(name);
    }
};
using PartyTable =
    std::unordered_map<std::string, std::shared_ptr<const Party>, HashOfName, std::equal_to<>>;

/// Of the two kinds of parties: customers, tags.
struct PartyTables {
    PartyTable customers, tags;
    PartyTable& of(store::Subject kind) {
        return kind == store::Subject::customer ? customers : tags;
    }
};

struct PartyBookOptions {
    patchbay::store::Address store;  ///< with this program's schema
    PartyTerms terms{};
    std::function<void(const Limits&)> share{};  ///< as KeyringOptions::share
    std::chrono::seconds max_stale{3600};        ///< as KeyringOptions::max_stale
    std::size_t most = 65'536;                   ///< parties of each kind
    std::size_t waiting = 1024;                  ///< requests that wait for a lookup
};

/// Started and stopped from one thread; all else from any.
class PartyBook {
  public:
    using Done = std::function<void(const FoundParty&)>;
    using Kind = store::Subject;

    /// Reads the names that are registered and starts the thread. On failure the text says why.
    static boost::system::result<std::unique_ptr<PartyBook>, std::string> start(
        PartyBookOptions options);
    ~PartyBook();
    PartyBook(const PartyBook&) = delete;
    PartyBook& operator=(const PartyBook&) = delete;

    /// Ends the thread; lookups that wait are forgotten.
    void stop();

    /// What the configuration says of customers and tags, from now on.
    void use(const PartyTerms& terms);
    /// Changes that were heard of (KeyringOptions::heard).
    void heard(const std::vector<store::ChangeRecord>& changes);

    /// False: such a name has no limits, and nobody need be asked. A few loads, no lock.
    bool may_have_limits(Kind kind, std::string_view name) const;
    /// What is known without asking the store; nullptr: it must be asked. Takes a lock, which is never held while
    /// anybody waits for the store.
    std::shared_ptr<const Party> known(Kind kind, std::string_view name);
    /// What was known before it was changed, as Keyring::before().
    std::shared_ptr<const Party> before(Kind kind, std::string_view name);
    struct Question {
        Kind kind;
        std::string name;
        std::vector<Done> waiting;
    };
    /// Asks the store; where gateways share limits, shares of all of them are asked for together. Each `waiting` is called
    /// once, on the lookup thread, unless the book is stopped before. False: too many wait, or the store is away.
    bool find(std::vector<Question> questions);

  private:
    using Clock = std::chrono::steady_clock;
    struct Answer {
        Kind kind;
        std::string name;
        FoundParty found;
        bool read = false;       ///< else the store was away
        std::uint64_t seen = 0;  ///< changes_, as it was read
    };

    PartyBook(PartyBookOptions options, store::KeyReader reader);
    std::string add_names(Kind kind);
    void run();
    void take_names();
    void answer(std::unique_lock<std::mutex>& lock);
    void read(Answer& answer, std::unique_lock<std::mutex>& lock);
    void share(const std::vector<Answer>& answers) const;
    FoundParty read(Kind kind, const std::string& name, const PartyTerms& terms);
    FoundParty nobody(Kind kind, const std::string& name, bool validate);
    void keep(Kind kind, const std::string& name, const FoundParty& found);
    NameFilter& filter(Kind kind) { return filters_[kind == Kind::customer ? 0 : 1]; }

    const PartyBookOptions options_;
    store::KeyReader reader_;  ///< of the thread
    SubjectTable subjects_;
    std::array<NameFilter, 2> filters_;
    std::array<std::int64_t, 2> last_rows_{};  ///< of the thread: whose names are in the filters
    std::atomic<bool> any_customer_{false};    ///< PartyTerms::any_customer()

    std::mutex mutex_;
    std::condition_variable wake_;
    PartyTerms terms_;
    PartyTables parties_;
    std::deque<std::pair<Kind, std::string>> order_;  ///< as they were read
    std::deque<Question> questions_;
    std::size_t waiters_ = 0;
    std::uint64_t changes_ = 0;  ///< how often something was heard of
    bool new_names_ = false;
    Clock::time_point away_until_{};
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace patchbay::access
