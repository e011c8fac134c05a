#include "engine/cache/memory.hpp"

#include <algorithm>
#include <deque>
#include <list>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace patchbay {

namespace {

constexpr std::size_t kMostShards = 16;
constexpr std::size_t kItemsOfShard = 4;  // of the largest size
constexpr std::size_t kSmallShare = 10;   // the small queue has a tenth
constexpr std::uint8_t kMostUses = 3;

std::size_t shards_of(const MemoryCache::Limits& limits) {
    std::size_t count = kMostShards;
    while (count > 1 && limits.bytes / count < kItemsOfShard * limits.one) count /= 2;
    return count;
}

}  // namespace

class MemoryCache::Shard {
  public:
    explicit Shard(std::size_t room) : room_(room) {}

    std::shared_ptr<const CacheEntry> find(const CacheKey& key, std::int64_t now_ms) {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(key);
        if (found == places_.end()) return nullptr;
        Node& node = *found->second;
        if (node.entry->expires_ms <= now_ms) {
            take_out(found->second);
            return nullptr;
        }
        node.uses = std::min<std::uint8_t>(node.uses + 1, kMostUses);
        return node.entry;
    }

    void put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry, std::size_t size) {
        const CacheKey& key = ask.key();
        const std::lock_guard lock(mutex_);
        if (!ask.holds()) return;
        bool main = known_.erase(key) > 0;
        if (const auto found = places_.find(key); found != places_.end()) {
            main = found->second->main;
            take_out(found->second);
        }
        if (!entry || size > room_) return;
        while (small_bytes_ + main_bytes_ + size > room_) make_room();
        insert({key, std::move(entry), size, 0, main});
    }

    bool erase(const CacheKey& key) {
        const std::lock_guard lock(mutex_);
        const auto found = places_.find(key);
        if (found == places_.end()) return false;
        take_out(found->second);
        return true;
    }

    void clear() {
        const std::lock_guard lock(mutex_);
        places_.clear();
        small_.clear();
        main_.clear();
        known_.clear();
        order_.clear();
        small_bytes_ = main_bytes_ = 0;
    }

    std::pair<std::size_t, std::size_t> bytes_and_count() const {
        const std::lock_guard lock(mutex_);
        return {small_bytes_ + main_bytes_, places_.size()};
    }

  private:
    struct Node {
        CacheKey key;
        std::shared_ptr<const CacheEntry> entry;
        std::size_t size = 0;
        std::uint8_t uses = 0;  ///< since it came to its queue's end
        bool main = false;
    };
    using Queue = std::list<Node>;  ///< newest first

    std::size_t& bytes_of(const Node& node) { return node.main ? main_bytes_ : small_bytes_; }
    Queue& queue_of(const Node& node) { return node.main ? main_ : small_; }

    void insert(Node node) {
        Queue& queue = queue_of(node);
        bytes_of(node) += node.size;
        const CacheKey key = node.key;
        queue.push_front(std::move(node));
        places_[key] = queue.begin();
    }

    void take_out(Queue::iterator node) {
        bytes_of(*node) -= node->size;
        places_.erase(node->key);
        queue_of(*node).erase(node);
    }

    // There is something in one of the queues. Each time something leaves, or one use is spent.
    void make_room() {
        if (!small_.empty() && (small_bytes_ >= room_ / kSmallShare || main_.empty())) {
            const auto oldest = std::prev(small_.end());
            if (oldest->uses > 0) {
                small_bytes_ -= oldest->size;
                main_bytes_ += oldest->size;
                oldest->main = true;
                oldest->uses = 0;
                main_.splice(main_.begin(), small_, oldest);
            } else {
                remember(oldest->key);
                take_out(oldest);
            }
            return;
        }
        const auto oldest = std::prev(main_.end());
        if (oldest->uses > 0) {
            --oldest->uses;
            main_.splice(main_.begin(), main_, oldest);
        } else {
            take_out(oldest);
        }
    }

    // As many keys as there are answers, but some at least.
    void remember(const CacheKey& key) {
        constexpr std::size_t kLeast = 64;
        if (known_.insert(key).second) order_.push_back(key);
        while (order_.size() > std::max(kLeast, places_.size())) {
            known_.erase(order_.front());
            order_.pop_front();
        }
    }

    const std::size_t room_;
    mutable std::mutex mutex_;
    Queue small_, main_;
    std::size_t small_bytes_ = 0, main_bytes_ = 0;
    std::unordered_map<CacheKey, Queue::iterator, CacheKeyHash> places_;
    std::unordered_set<CacheKey, CacheKeyHash> known_;  ///< left the small queue not long ago
    std::deque<CacheKey> order_;                        ///< of `known_`, oldest first
};

MemoryCache::MemoryCache(Limits limits) : one_(std::min(limits.one, limits.bytes)) {
    const std::size_t count = shards_of(limits);
    for (std::size_t i = 0; i < count; ++i) {
        shards_.push_back(std::make_unique<Shard>(limits.bytes / count));
    }
}

MemoryCache::~MemoryCache() = default;

MemoryCache::Shard& MemoryCache::shard(const CacheKey& key) const {
    // Another byte than those that the tables of the shards go by.
    return *shards_[key.digest.back() % shards_.size()];
}

std::shared_ptr<const CacheEntry> MemoryCache::find(const CacheKey& key, std::int64_t now_ms) {
    return shard(key).find(key, now_ms);
}

void MemoryCache::put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry) {
    const std::size_t size = entry->bytes();
    if (!takes(size)) entry = nullptr;
    shard(ask.key()).put(ask, std::move(entry), size);
}

bool MemoryCache::erase(const CacheKey& key) {
    return shard(key).erase(key);
}

void MemoryCache::clear() {
    for (const auto& shard : shards_) shard->clear();
}

std::size_t MemoryCache::bytes() const {
    std::size_t sum = 0;
    for (const auto& shard : shards_) sum += shard->bytes_and_count().first;
    return sum;
}

std::size_t MemoryCache::count() const {
    std::size_t sum = 0;
    for (const auto& shard : shards_) sum += shard->bytes_and_count().second;
    return sum;
}

}  // namespace patchbay
