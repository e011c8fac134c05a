// The answers that several gateways share: a Redis server.
#pragma once

#include <memory>
#include <mutex>

#include "config/cache_settings.hpp"
#include "engine/cache/behind.hpp"
#include "engine/redis/link.hpp"

namespace patchbay {

/// Entries are under "pb:c:" and the key in hexadecimal, with their time to live.
class RedisCache final : public CacheBehind {
  public:
    explicit RedisCache(RedisAddress address) : link_(std::move(address)) {}

    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> find(CacheKey key,
                                                                   std::int64_t now_ms,
                                                                   Loop loop) override;
    void put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, Loop loop) override;
    boost::asio::awaitable<bool> erase(CacheKey key, Loop loop) override;
    /// All keys that begin so, and nothing else: the server may have other tenants. Goes on to the end though who waits
    /// for it is cancelled.
    boost::asio::awaitable<bool> clear(Loop loop) override;
    boost::asio::awaitable<std::optional<ServerTexts>> server_texts(Loop loop) override;
    std::uint64_t faults() const override { return link_.faults(); }
    void stop() override { link_.stop(); }

    bool ready() const override { return link_.ready(); }

  private:
    boost::asio::awaitable<bool> clear_all(Loop loop);
    void let_puts_pass();

    std::mutex
        mutex_;  ///< an ask that holds is sent under it: commands are done in the order they are sent
    RedisLink link_;
};

/// The cache at the server that a configuration names; starts the thread of the connection to it.
std::unique_ptr<CacheBehind> redis_cache(const RedisSettings& settings);

}  // namespace patchbay
