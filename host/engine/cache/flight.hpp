// Identical requests that are under way at the same time: one of them asks the provider, the others
// wait for its answer.
//
// The first one leads. If its answer cannot be kept (it failed, its client left, a filter took it),
// the others are told so and ask for themselves, as if they had never waited: a failure is nobody's
// but its own. Who asks after answers were forgotten does not wait for one that was asked for before.
// Not over several processes: that would be a lock on the way.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/cache/entry.hpp"
#include "engine/cache/forgotten.hpp"

namespace patchbay {

/// All requests under way of this process that were looked up and not found. Any thread; a lock is
/// held for moments. Outlives the calls and the loops.
class Flights {
  public:
    static constexpr std::size_t kMostFollowers = 1'000;  ///< of one request; others ask themselves

    /// Held by the one that asks. Its end wakes the followers; they have nothing if it did not land.
    class Lead {
      public:
        Lead(Flights& flights, const CacheAsk& ask) : flights_(flights), ask_(ask) {}
        ~Lead() { land(nullptr); }
        Lead(const Lead&) = delete;
        Lead& operator=(const Lead&) = delete;
        /// Gives the followers the answer. Nothing after the first time.
        void land(std::shared_ptr<const CacheEntry> entry);

      private:
        Flights& flights_;
        const CacheAsk ask_;
        bool landed_ = false;
    };

    /// nullptr: another request leads.
    std::unique_ptr<Lead> lead(const CacheAsk& ask);

    /// Waits for the one that leads, on the loop of the calling coroutine. nullptr at once if there
    /// is none or it has too many followers, and later if it did not land. Throws
    /// system_error(operation_aborted) if the awaiting coroutine is cancelled.
    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> follow(const CacheAsk& ask,
                                                                     boost::asio::io_context& io);

    std::size_t followers(const CacheAsk& ask) const;

  private:
    struct Follower;
    class Place;
    using Followers = std::vector<std::shared_ptr<Follower>>;

    void land(const CacheAsk& ask, const std::shared_ptr<const CacheEntry>& entry);

    mutable std::mutex mutex_;
    std::unordered_map<CacheAsk, Followers, CacheAskHash> flights_;
};

}  // namespace patchbay
