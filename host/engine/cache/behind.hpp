// A store of answers behind the memory of this process: it outlives it, or is shared with others.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/cache/entry.hpp"
#include "engine/cache/forgotten.hpp"
#include "engine/cache/key.hpp"
#include "engine/loop.hpp"

namespace patchbay {

/// Any thread, where nothing else is said. A store that fails or is slow is a miss, and counted.
class CacheBehind {
  public:
    virtual ~CacheBehind() = default;

    /// On the loop's thread; after Lookup::kPatience at the latest. nullptr: there is none, or it was
    /// not there in time. Throws system_error(operation_aborted) if the coroutine is cancelled.
    virtual boost::asio::awaitable<std::shared_ptr<const CacheEntry>> find(CacheKey key,
                                                                           std::int64_t now_ms,
                                                                           Loop loop) = 0;
    /// Returns at once; it is written a little later, or not, and not at all where the ask holds no more
    /// (forgotten.hpp).
    virtual void put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, Loop loop) = 0;
    /// On the loop's thread; inside of a Forgotten::Span. Done once they return: nothing that was put
    /// before shows up afterwards. False: the store did not do it, or not all of it.
    virtual boost::asio::awaitable<bool> erase(CacheKey key, Loop loop) = 0;
    virtual boost::asio::awaitable<bool> clear(Loop loop) = 0;

    /// What a server says of itself and its clients, in Redis' texts (INFO, CLIENT LIST). nullopt: it is none, or does
    /// not answer. On the loop's thread.
    struct ServerTexts {
        std::string info;
        std::string clients;
    };
    virtual boost::asio::awaitable<std::optional<ServerTexts>> server_texts(Loop) {
        co_return std::nullopt;
    }

    /// Can it be used, as far as is known?
    virtual bool ready() const { return true; }
    /// Times that the store could not be used.
    virtual std::uint64_t faults() const = 0;
    /// Before the loops end: nothing is posted to them afterwards.
    virtual void stop() {}

  protected:
    /// What one call waits for. Used on its loop's thread, but for found().
    class Lookup {
      public:
        static constexpr std::chrono::milliseconds kPatience{10};

        explicit Lookup(boost::asio::io_context& io) : timer_(io, kPatience) {}
        /// nullptr after kPatience.
        static boost::asio::awaitable<std::shared_ptr<const CacheEntry>> wait(
            std::shared_ptr<Lookup> lookup);
        /// From any thread, while the loop is there.
        static void found(boost::asio::io_context& io, std::weak_ptr<Lookup> lookup,
                          std::shared_ptr<const CacheEntry> entry);
        /// After wait(): did an answer come, if only that there is none?
        bool answered() const { return done_; }

      private:
        boost::asio::steady_timer timer_;
        bool done_ = false;
        std::shared_ptr<const CacheEntry> entry_;
    };
};

}  // namespace patchbay
