#include "engine/access/keyring.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <spdlog/spdlog.h>

#include "contract/unix_time.hpp"
#include "engine/access/changed.hpp"
#include "engine/access/refusals.hpp"
#include "engine/coarse_clock.hpp"
#include "engine/log_text.hpp"

namespace patchbay::access {

namespace {

constexpr std::size_t kPiece = 4096;        ///< rows that are read at once
constexpr std::size_t kMostUnknown = 4096;  ///< keys that are known not to be there
constexpr int kAwayAfter = 2;               ///< failures in a row
constexpr std::chrono::seconds kProbe{1};   ///< how often a store that is away is tried
constexpr int kUnknownKey = 401;
constexpr std::chrono::seconds kQuiet{5};  ///< after which a store is away
constexpr int kReads = 3;                  ///< of a key that is changed meanwhile
constexpr std::chrono::milliseconds kSoon{
    50};  ///< until changes are asked for that somebody waits for

}  // namespace

boost::system::result<std::unique_ptr<Keyring>, std::string> Keyring::start(
    KeyringOptions options) {
    using boost::system::in_place_error;
    auto lookup = store::KeyReader::open(options.store);
    if (!lookup) return {in_place_error, lookup.error().text};
    auto watch = store::KeyReader::open(options.store);
    if (!watch) return {in_place_error, watch.error().text};
    std::unique_ptr<Keyring> ring(
        new Keyring(std::move(options), std::move(*lookup), std::move(*watch)));
    if (std::string why = ring->read_all(); !why.empty()) return {in_place_error, std::move(why)};
    ring->lookup_thread_ = std::thread([raw = ring.get()] { raw->look_up(); });
    ring->watch_thread_ = std::thread([raw = ring.get()] { raw->watch(); });
    return ring;
}

Keyring::Keyring(KeyringOptions options, store::KeyReader lookup, store::KeyReader watch)
    : options_(std::move(options)),
      lookup_(std::move(lookup)),
      watch_(std::move(watch)),
      terms_(std::make_shared<const KeyTerms>(options_.terms)) {}

Keyring::~Keyring() {
    stop();
}

// The number of the last change comes first: what happens meanwhile is heard of later.
std::string Keyring::read_all() {
    const auto last = watch_.last_change();
    if (!last) return last.error().text;
    change_ = *last;
    std::uint64_t from = 0;
    while (true) {
        const auto some = watch_.key_prefixes(from, kPiece);
        if (!some) return some.error().text;
        if (some->empty()) break;
        prefixes_.insert(prefixes_.end(), some->begin(), some->end());
        from = some->back() + 1;
        if (from == 0) break;
    }
    heard_ = Clock::now().time_since_epoch().count();
    return {};
}

void Keyring::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        waiting_.clear();
        queue_.clear();
        late_.clear();
    }
    wake_.notify_all();
    if (lookup_thread_.joinable()) lookup_thread_.join();
    if (watch_thread_.joinable()) watch_thread_.join();
}

void Keyring::use(KeyTerms terms) {
    const std::lock_guard lock(mutex_);
    if (terms == *terms_) return;
    terms_ = std::make_shared<const KeyTerms>(std::move(terms));
    for (const auto& [hash, principal] : principals_) principal->set_stale();
}

bool Keyring::current() const {
    const Clock::duration since(coarse_now().time_since_epoch().count() - heard_.load());
    return since < options_.max_stale;
}

bool Keyring::hears() const {
    const Clock::duration since(coarse_now().time_since_epoch().count() - heard_.load());
    return since < kQuiet + options_.poll;
}

bool Keyring::is_in_set(const store::KeyHash& hash) const {
    return std::binary_search(prefixes_.begin(), prefixes_.end(), store::key_prefix(hash));
}

// A hash that is not in the set may be a moment old. Many that ask for the same one are one question to the store.
bool Keyring::may_be_new(const store::KeyHash& hash) {
    if (is_in_set(hash)) return true;
    const auto now = Clock::now();
    if (now - bucket_began_ > std::chrono::seconds(1)) {
        bucket_began_ = now;
        asked_.clear();
    }
    if (std::find(asked_.begin(), asked_.end(), hash) != asked_.end()) return true;
    if (asked_.size() >= static_cast<std::size_t>(options_.new_keys)) return false;
    asked_.push_back(hash);
    return true;
}

std::optional<FoundKey> Keyring::known(const store::KeyHash& hash) {
    const std::lock_guard lock(mutex_);
    const auto found = principals_.find(hash);
    if (found != principals_.end() && !found->second->stale) return FoundKey{found->second, {}};
    const auto missing = unknown_.find(hash);
    const bool not_there = missing != unknown_.end() && Clock::now() < missing->second;
    const bool waits = late_waiters_ < options_.waiting || may_be_new(hash);
    if (not_there || !waits) return FoundKey{nullptr, unknown_key(hash)};
    return std::nullopt;
}

std::shared_ptr<const Principal> Keyring::before(const store::KeyHash& hash) {
    const std::lock_guard lock(mutex_);
    const auto found = principals_.find(hash);
    if (found == principals_.end() || !found->second->may_go_on(options_.max_stale)) return nullptr;
    return current() ? found->second : nullptr;
}

bool Keyring::find(const store::KeyHash& hash, Done done) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiters_ >= options_.waiting) return false;
    if (Clock::now() < away_until_) return false;
    if (!may_be_new(hash)) {
        if (late_waiters_ >= options_.waiting) return false;
        late_[hash].push_back(std::move(done));
        ++late_waiters_;
        wake_.notify_all();
        return true;
    }
    auto& list = waiting_[hash];
    if (list.empty()) queue_.push_back(hash);
    list.push_back(std::move(done));
    ++waiters_;
    wake_.notify_all();
    return true;
}

void Keyring::look_up() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) return;
        const store::KeyHash hash = queue_.front();
        queue_.pop_front();
        FoundKey found{nullptr, keys_away(), true};
        // Those that came while the store was found to be away are not tried one by one.
        const bool away = Clock::now() < away_until_;
        for (int i = 0; i < kReads && !away; ++i) {
            const std::int64_t seen = change_;
            const auto terms = terms_;
            lock.unlock();
            found = read_key(hash, *terms);
            lock.lock();
            // Else it may have been read before what was changed.
            if (seen == change_ && terms == terms_) break;
        }
        if (stopping_) return;
        if (!away) keep(hash, found);
        const std::vector<Done> done = std::move(waiting_[hash]);
        waiting_.erase(hash);
        waiters_ -= done.size();
        lock.unlock();
        for (const Done& tell : done) tell(found);
        lock.lock();
    }
}

// Without the lock.
FoundKey Keyring::read_key(const store::KeyHash& hash, const KeyTerms& terms) {
    const std::int64_t now = unix_us();
    const auto read = lookup_.find_key(hash, now);
    if (!read) {
        spdlog::warn("the store of keys does not answer: {}", read.error().text);
        return {nullptr, keys_away(), read.error().kind != store::Failure::Kind::corrupt};
    }
    if (!*read) return {nullptr, unknown_key(hash)};
    bool away = false;
    const SpentOf spent =
        [&](const store::Spender& spender,
            const store::BudgetDuration& duration) -> std::optional<std::int64_t> {
        const auto sum = lookup_.spent(spender, duration, now);
        if (!sum) away = true;
        return sum ? std::optional(*sum) : std::nullopt;
    };
    std::string why;
    FoundKey found{make_principal(**read, terms, subjects_, spent, now, why), {}};
    if (!found.principal) {
        spdlog::error("the key {} is refused, as it cannot be read: {}", (*read)->name, why);
        found.refused = keys_away();
        found.away = away;
    } else {
        tell_priority(*found.principal, terms);
        if (options_.share) options_.share(*found.principal);
    }
    return found;
}

// A slip in a name would else be seen by nobody: calls with such keys are let in, by another share. Once for each name.
void Keyring::tell_priority(const Principal& principal, const KeyTerms& terms) {
    constexpr std::size_t kMostTold = 100;
    const std::string& priority = principal.priority;
    if (priority.empty() || terms.priorities.empty() || terms.priorities.contains(priority)) return;
    if (told_priorities_.size() >= kMostTold || !told_priorities_.insert(priority).second) return;
    spdlog::warn(
        "the key {} has the priority '{}', which priority_reservation does not have: its calls "
        "have "
        "the share of keys without a priority",
        principal.name, log_text(priority));
}

// With the lock.
void Keyring::keep(const store::KeyHash& hash, const FoundKey& found) {
    failures_ = found.away ? failures_ + 1 : 0;
    if (failures_ >= kAwayAfter) away_until_ = Clock::now() + kProbe;
    if (found.away) return;
    // Changes reach a principal by way of this table: one that is not in it any more must not be used by a
    // loop that still has it.
    if (const auto before = principals_.find(hash); before != principals_.end()) {
        before->second->set_gone();
        principals_.erase(before);
    }
    if (!found.principal) {
        if (found.refused && found.refused->status() == kUnknownKey) note_unknown(hash);
        return;
    }
    unknown_.erase(hash);
    principals_[hash] = found.principal;
    order_.push_back(hash);
    while (principals_.size() > options_.most || order_.size() > 2 * options_.most) {
        const auto oldest = principals_.find(order_.front());
        order_.pop_front();
        if (oldest == principals_.end()) continue;
        oldest->second->set_gone();  // the loops forget it, too
        principals_.erase(oldest);
    }
}

void Keyring::note_unknown(const store::KeyHash& hash) {
    if (unknown_.size() >= kMostUnknown) unknown_.clear();
    unknown_[hash] = Clock::now() + options_.negative;
}

// False: the keyring is stopped.
bool Keyring::wait_for_changes(std::unique_lock<std::mutex>& lock) {
    const auto since = Clock::now();
    while (!stopping_) {
        const auto until = since + (late_.empty() ? options_.poll : std::min(options_.poll, kSoon));
        if (Clock::now() >= until) return true;
        wake_.wait_until(lock, until);
    }
    return false;
}

// Who waited for changes, which were heard of since. With the lock, which is given up while they are told.
void Keyring::decide(Waiting late, bool away, std::unique_lock<std::mutex>& lock) {
    std::vector<std::pair<Done, FoundKey>> refused;
    for (auto& [hash, list] : late) {
        late_waiters_ -= list.size();
        if (!away && is_in_set(hash)) {
            auto& waiting = waiting_[hash];
            if (waiting.empty()) queue_.push_back(hash);
            waiters_ += list.size();
            std::move(list.begin(), list.end(), std::back_inserter(waiting));
            continue;
        }
        if (!away) note_unknown(hash);
        const FoundKey none{nullptr, away ? keys_away() : unknown_key(hash)};
        for (Done& done : list) refused.emplace_back(std::move(done), none);
    }
    wake_.notify_all();
    lock.unlock();
    for (const auto& [done, none] : refused) done(none);
    lock.lock();
}

void Keyring::watch() {
    bool away = false;
    std::unique_lock lock(mutex_);
    while (wait_for_changes(lock)) {
        const std::int64_t seen = change_;
        Waiting late = std::exchange(late_, {});
        lock.unlock();
        auto changes = watch_.changes_after(seen, kPiece);
        std::optional<Changed> changed;
        if (changes) {
            auto read = Changed::read(*changes, watch_, unix_us());
            if (read) {
                changed = std::move(*read);
            } else {
                changes = read.error();
            }
        }
        if (!changes && !away) {
            spdlog::warn("changes of keys are not heard of: {}", changes.error().text);
        }
        away = !changes;
        if (changes && !changes->empty() && options_.heard) options_.heard(*changes);
        lock.lock();
        if (!away) {
            apply(*changes, *changed);
            heard_ = Clock::now().time_since_epoch().count();
        }
        if (!late.empty() && !stopping_) decide(std::move(late), away, lock);
    }
}

// With the lock.
void Keyring::apply(const std::vector<store::ChangeRecord>& changes, const Changed& changed) {
    if (!changes.empty()) {
        for (const auto& [hash, principal] : principals_) changed.mark(*principal);
        change_ = changes.back().seq;
    }
    for (const std::uint64_t prefix : changed.prefixes()) {
        const auto at = std::lower_bound(prefixes_.begin(), prefixes_.end(), prefix);
        if (at == prefixes_.end() || *at != prefix) prefixes_.insert(at, prefix);
    }
    if (!changes.empty()) unknown_.clear();
}

}  // namespace patchbay::access
