#include "engine/cache/disk.hpp"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

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
    count_fault(found.has_value());
    auto entry = std::make_shared<CacheEntry>();
    if (!found || !*found || !unpack(**found, *entry)) return nullptr;
    return entry;
}

bool DiskCache::count_fault(bool done) {
    if (!done) faults_.fetch_add(1, std::memory_order_relaxed);
    return done;
}

void DiskCache::write(const CacheAsk& ask, const CacheEntry& entry) {
    const std::string bytes = packed(entry);
    const std::lock_guard lock(mutex_);
    if (!ask.holds()) return;
    count_fault(store_.put(ask.key().digest, bytes, entry.expires_ms, entry.stored_ms).has_value());
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

void DiskCache::put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, Loop loop) {
    Turn turn(waiting_);
    if (!turn) return;
    asio::post(loop.blocking,
               [this, ask, entry = std::move(entry),
                turn = std::make_shared<Turn>(std::move(turn))] { write(ask, *entry); });
}

asio::awaitable<bool> DiskCache::erase(CacheKey key, Loop loop) {
    auto work = [this, key]() -> asio::awaitable<bool> {
        const std::lock_guard lock(mutex_);
        co_return count_fault(store_.erase(key.digest).has_value());
    };
    co_return co_await asio::co_spawn(loop.blocking, std::move(work), asio::use_awaitable);
}

asio::awaitable<bool> DiskCache::clear(Loop loop) {
    auto work = [this]() -> asio::awaitable<bool> {
        const std::lock_guard lock(mutex_);
        co_return count_fault(store_.clear().has_value());
    };
    co_return co_await asio::co_spawn(loop.blocking, std::move(work), asio::use_awaitable);
}

}  // namespace patchbay
