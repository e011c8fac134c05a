#include "engine/cache/disk.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace patchbay {

namespace asio = boost::asio;

/// A place among what waits for the pool.
class DiskCache::Turn {
  public:
    explicit Turn(std::atomic<int>& waiting) : waiting_(&waiting) {
        if (waiting.fetch_add(1, std::memory_order_relaxed) < kMostWaiting) return;
        waiting.fetch_sub(1, std::memory_order_relaxed);
        waiting_ = nullptr;
    }
    ~Turn() {
        if (waiting_) waiting_->fetch_sub(1, std::memory_order_relaxed);
    }
    Turn(Turn&& other) noexcept : waiting_(std::exchange(other.waiting_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    explicit operator bool() const { return waiting_ != nullptr; }

  private:
    std::atomic<int>* waiting_;
};

boost::system::result<std::unique_ptr<DiskCache>, std::string> DiskCache::open(
    const std::filesystem::path& directory, std::uint64_t most_bytes) {
    std::error_code failed;
    std::filesystem::create_directories(directory, failed);
    if (failed) return directory.string() + ": " + failed.message();
    auto store = store::CacheStore::open(directory / "cache.db", most_bytes);
    if (!store) return (directory / "cache.db").string() + ": " + store.error().text;
    return std::make_unique<DiskCache>(std::move(*store));
}

std::shared_ptr<const CacheEntry> DiskCache::read(const CacheKey& key, std::int64_t now_ms) {
    const std::lock_guard lock(mutex_);
    const auto found = store_.find(key.digest, now_ms);
    if (!found) faults_.fetch_add(1, std::memory_order_relaxed);
    auto entry = std::make_shared<CacheEntry>();
    if (!found || !*found || !unpack(**found, *entry)) return nullptr;
    return entry;
}

void DiskCache::write(const CacheKey& key, const CacheEntry& entry) {
    const std::string bytes = packed(entry);
    const std::lock_guard lock(mutex_);
    if (!store_.put(key.digest, bytes, entry.expires_ms, entry.stored_ms)) {
        faults_.fetch_add(1, std::memory_order_relaxed);
    }
}

asio::awaitable<std::shared_ptr<const CacheEntry>> DiskCache::find(CacheKey key,
                                                                   std::int64_t now_ms, Loop loop) {
    Turn turn(waiting_);
    if (!turn) co_return nullptr;
    const auto lookup = std::make_shared<Lookup>(loop.io);
    asio::post(loop.blocking, [this, key, now_ms, weak = std::weak_ptr(lookup),
                               turn = std::make_shared<Turn>(std::move(turn)), &io = loop.io] {
        if (!weak.expired()) Lookup::found(io, weak, read(key, now_ms));
    });
    co_return co_await Lookup::wait(lookup);
}

void DiskCache::put(const CacheKey& key, std::shared_ptr<const CacheEntry> entry, Loop loop) {
    Turn turn(waiting_);
    if (!turn) return;
    asio::post(loop.blocking,
               [this, key, entry = std::move(entry),
                turn = std::make_shared<Turn>(std::move(turn))] { write(key, *entry); });
}

void DiskCache::erase(const CacheKey& key) {
    const std::lock_guard lock(mutex_);
    if (!store_.erase(key.digest)) faults_.fetch_add(1, std::memory_order_relaxed);
}

void DiskCache::clear() {
    const std::lock_guard lock(mutex_);
    if (!store_.clear()) faults_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace patchbay
