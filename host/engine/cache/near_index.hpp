// Texts that mean nearly the same, by their embeddings (docs/caching.md, "Near questions").
//
// LiteLLM compares the text alone, so that another model, other tools or another history are served the same answer. Here
// texts are compared only within a bucket: everything else of their requests is equal, by digest.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/cache/key.hpp"

namespace patchbay {

/// An embedding in a quarter of its size: a byte a dimension, which moves a similarity by less than 0.01.
class NearVector {
  public:
    NearVector() = default;
    /// nullopt: there is no direction in it (empty, all zeros, not finite), or it has more than kMostDimensions.
    static std::optional<NearVector> of(std::span<const float> embedding);

    static constexpr std::size_t kMostDimensions = 8'192;

    /// The cosine of the angle between both, -1 to 1; -1 if they have different numbers of dimensions: another model made
    /// them.
    float similarity(const NearVector& other) const;
    std::size_t bytes() const { return values_.size(); }

  private:
    std::vector<std::int8_t> values_;
    float length_ = 0;
};

/// One per process, in memory; it is not kept. Any thread; a lock is held while a bucket is compared, which takes about
/// half a millisecond for a full one.
class NearIndex {
  public:
    static constexpr std::size_t kMostInBucket = 4'096;

    /// `most_bytes`: of all vectors. The oldest make room.
    explicit NearIndex(std::size_t most_bytes) : most_bytes_(most_bytes) {}

    struct Near {
        CacheKey key;  ///< by which the response cache may have the answer still
        float similarity = 0;
    };

    /// The nearest of the bucket, if it is at least as similar as `threshold`.
    std::optional<Near> find(const CacheKey& bucket, const NearVector& vector,
                             float threshold) const;
    /// How many find() would compare.
    std::size_t count(const CacheKey& bucket) const;
    /// Whoever asks something near it finds `key`. Nothing if that stands in the bucket already.
    void add(const CacheKey& bucket, NearVector vector, const CacheKey& key);
    /// The answer is gone.
    void erase(const CacheKey& bucket, const CacheKey& key);
    void clear();
    std::size_t bytes() const;

  private:
    using Order = std::list<std::pair<CacheKey, CacheKey>>;  ///< bucket and key, the oldest first
    struct Place {
        CacheKey key;
        NearVector vector;
        Order::iterator turn;
    };
    using Bucket = std::vector<Place>;

    void remove(const CacheKey& bucket, const CacheKey& key);

    const std::size_t most_bytes_;
    mutable std::mutex mutex_;
    std::unordered_map<CacheKey, Bucket, CacheKeyHash> buckets_;
    Order order_;
    std::size_t bytes_ = 0;
};

}  // namespace patchbay
