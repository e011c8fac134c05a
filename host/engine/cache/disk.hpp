// The answers that outlive this process: the store on disk, without any loop waiting for it.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

#include "engine/cache/behind.hpp"
#include "store/cache_store.hpp"

namespace patchbay {

/// Any thread, where nothing else is said. Work is done on the pool for what blocks; of what waits for
/// it there is a bound, over which nothing is looked up and nothing kept. A store that fails is a miss.
/// Outlives the pools that it was asked from.
class DiskCache final : public CacheBehind {
  public:
    static constexpr int kMostWaiting = 256;

    /// Makes the directory and opens the file in it. On failure the text says why.
    static boost::system::result<std::unique_ptr<DiskCache>, std::string> open(
        const std::filesystem::path& directory, std::uint64_t most_bytes);

    explicit DiskCache(store::CacheStore store) : store_(std::move(store)) {}

    boost::asio::awaitable<std::shared_ptr<const CacheEntry>> find(CacheKey key,
                                                                   std::int64_t now_ms,
                                                                   Loop loop) override;
    void put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, Loop loop) override;
    boost::asio::awaitable<bool> erase(CacheKey key, Loop loop) override;
    boost::asio::awaitable<bool> clear(Loop loop) override;
    std::uint64_t faults() const override { return faults_.load(std::memory_order_relaxed); }

  private:
    class Turn;
    std::shared_ptr<const CacheEntry> read(const CacheKey& key, std::int64_t now_ms);
    void write(const CacheAsk& ask, const CacheEntry& entry);
    bool count_fault(bool done);

    std::mutex mutex_;  ///< of `store_`; an ask that holds is put under it
    store::CacheStore store_;
    std::atomic<int> waiting_{0};
    std::atomic<std::uint64_t> faults_{0};
};

}  // namespace patchbay
