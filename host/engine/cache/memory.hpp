// The answers that are kept in this process.
//
// Most prompts never come back. A list by last use lets each of them push out something that is
// asked for often; so this is S3-FIFO (Yang et al., "FIFO queues are all you need for cache
// eviction", SOSP 2023): what is new waits in a small queue of a tenth of the room, and only what
// was asked for there goes on to the main queue. Keys that fell out of the small queue are
// remembered for a while without their answers; if one comes again, it goes to the main queue at
// once. A hit writes one counter and moves nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/cache/entry.hpp"
#include "engine/cache/forgotten.hpp"

namespace patchbay {

/// Bounded in bytes. Any thread; a lock of one of up to 16 shards is held for a look into a table
/// and the copy of a pointer.
class MemoryCache {
  public:
    struct Limits {
        std::size_t bytes = std::size_t{64} << 20;  ///< of all together
        std::size_t one = std::size_t{1} << 20;     ///< of one entry; larger ones are not kept
    };

    explicit MemoryCache(Limits limits);
    ~MemoryCache();

    /// Is an entry of this size kept?
    bool takes(std::size_t bytes) const { return bytes <= one_; }
    /// nullptr: there is none, or it has expired, which makes room. `now_ms` since 1970.
    std::shared_ptr<const CacheEntry> find(const CacheKey& key, std::int64_t now_ms);
    /// In place of the one with this key. What is too large is not kept, and that one goes, too. Nothing
    /// if the ask holds no more (forgotten.hpp).
    void put(const CacheAsk& ask, std::shared_ptr<const CacheEntry> entry);
    /// False: there was none. These two inside of a Forgotten::Span.
    bool erase(const CacheKey& key);
    void clear();

    std::size_t bytes() const;
    std::size_t count() const;

  private:
    class Shard;
    Shard& shard(const CacheKey& key) const;

    std::size_t one_;
    std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace patchbay
