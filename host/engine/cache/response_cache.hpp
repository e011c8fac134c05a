// The response cache: answers that a provider gave, for calls that ask the same again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "config/cache_settings.hpp"
#include "engine/cache/behind.hpp"
#include "engine/cache/flight.hpp"
#include "engine/cache/memory.hpp"
#include "engine/cache/near_index.hpp"
#include "engine/loop.hpp"
#include "engine/records/metrics.hpp"

namespace patchbay {

/// What a call wants to find.
struct CacheWish {
    bool stream = false;
    std::int64_t now_ms = 0;  ///< since 1970
    /// Entries that are older are not wanted.
    std::optional<std::chrono::milliseconds> max_age{};
};

/// One per process. Any thread, but for what says otherwise. Outlives the calls.
class ResponseCache {
  public:
    /// Sizes and type are those of the start; the rest of the settings is each call's.
    /// `behind` may be nullptr: nothing is behind the memory.
    explicit ResponseCache(const CacheSettings& settings,
                           std::unique_ptr<CacheBehind> behind = nullptr);
    ~ResponseCache();
    ResponseCache(const ResponseCache&) = delete;
    ResponseCache& operator=(const ResponseCache&) = delete;

    static constexpr std::size_t kNearBytes = 64u << 20;  ///< of all questions' vectors

    CacheType type() const { return type_; }
    /// Bytes of an answer that is kept at all.
    std::size_t most_bytes() const { return most_bytes_; }

    /// Before the answer is looked for, or asked for: put() keeps it only if none with this key was
    /// forgotten in between.
    CacheAsk ask(const CacheKey& key) const { return forgotten_.ask(key); }
    /// An entry in the form that is wanted; nullptr: there is none. Where only the other form was kept
    /// and tells it, this one is made and kept beside it.
    std::shared_ptr<const CacheEntry> find(const CacheKey& key, const CacheWish& wish);
    /// Is there more to look into than this process' memory?
    bool has_more() const { return behind_ != nullptr; }
    /// The same for what find() did not find, in what is behind the memory. On the loop's thread.
    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> find_behind(CacheKey key,
                                                                          CacheWish wish,
                                                                          Loop loop);
    /// In place of what was there, of which the form that `entry` lacks is taken over if the same
    /// deployment gave it and it has not expired. What is behind the memory is written from `loop`.
    /// Returns what would have been kept if the ask holds no more.
    std::shared_ptr<const CacheEntry> put(const CacheAsk& ask, CacheEntry entry, const Loop& loop);
    /// On the loop's thread. What was kept, or asked for, before they return is not found afterwards.
    /// False: what is behind the memory did not do it, or not all of it.
    boost::asio::awaitable<bool> erase(CacheKey key, Loop loop);
    boost::asio::awaitable<bool> clear(Loop loop);

    /// Can what is behind the memory be used, as far as is known? True if nothing is.
    bool ready() const { return !behind_ || behind_->ready(); }
    /// Of the server behind the memory (behind.hpp). On the loop's thread.
    boost::asio::awaitable<std::optional<CacheBehind::ServerTexts>> server_texts(Loop loop);
    /// Before the loops end that calls came from.
    void stop();

    Flights& flights() { return flights_; }
    /// What was asked, for who asks nearly the same. Its keys may have expired here.
    NearIndex& near() { return near_; }
    CacheFigures figures() const;

  private:
    std::shared_ptr<const CacheEntry> wanted(const CacheAsk& ask, const CacheWish& wish,
                                             std::shared_ptr<const CacheEntry> entry);
    std::shared_ptr<const CacheEntry> remember(const CacheAsk& ask,
                                               std::shared_ptr<const CacheEntry> entry,
                                               std::int64_t now_ms);
    std::shared_ptr<const CacheEntry> in_form(const CacheAsk& ask, bool stream,
                                              std::shared_ptr<const CacheEntry> entry);

    const CacheType type_;
    const std::size_t most_bytes_;
    Forgotten forgotten_;
    MemoryCache memory_;
    std::unique_ptr<CacheBehind> behind_;
    Flights flights_;
    NearIndex near_{kNearBytes};
};

}  // namespace patchbay
