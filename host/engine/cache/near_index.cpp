#include "engine/cache/near_index.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace patchbay {

namespace {

constexpr float kLargest = 127;  // of a dimension's byte

std::int32_t product(const std::int8_t* a, const std::int8_t* b, std::size_t size) {
    std::int32_t sum = 0;
    for (std::size_t at = 0; at < size; ++at) sum += std::int32_t{a[at]} * std::int32_t{b[at]};
    return sum;
}

}  // namespace

std::optional<NearVector> NearVector::of(std::span<const float> embedding) {
    if (embedding.empty() || embedding.size() > kMostDimensions) return std::nullopt;
    float largest = 0;
    for (const float value : embedding) {
        if (!std::isfinite(value)) return std::nullopt;
        largest = std::max(largest, std::abs(value));
    }
    if (largest == 0) return std::nullopt;
    NearVector vector;
    vector.values_.reserve(embedding.size());
    for (const float value : embedding) {
        vector.values_.push_back(static_cast<std::int8_t>(std::lround(value / largest * kLargest)));
    }
    const std::int8_t* const values = vector.values_.data();
    vector.length_ = std::sqrt(static_cast<float>(product(values, values, vector.values_.size())));
    return vector;
}

float NearVector::similarity(const NearVector& other) const {
    if (values_.size() != other.values_.size() || values_.empty()) return -1;
    const std::int32_t along = product(values_.data(), other.values_.data(), values_.size());
    return static_cast<float>(along) / (length_ * other.length_);
}

std::optional<NearIndex::Near> NearIndex::find(const CacheKey& bucket, const NearVector& vector,
                                               float threshold) const {
    const std::lock_guard lock(mutex_);
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return std::nullopt;
    std::optional<Near> nearest;
    for (const Place& place : found->second) {
        const float similarity = place.vector.similarity(vector);
        const float least = nearest ? nearest->similarity : threshold;
        if (similarity >= least) nearest = Near{place.key, similarity};
    }
    return nearest;
}

std::size_t NearIndex::count(const CacheKey& bucket) const {
    const std::lock_guard lock(mutex_);
    const auto found = buckets_.find(bucket);
    return found == buckets_.end() ? 0 : found->second.size();
}

void NearIndex::remove(const CacheKey& bucket, const CacheKey& key) {
    const auto found = buckets_.find(bucket);
    if (found == buckets_.end()) return;
    Bucket& places = found->second;
    const auto at = std::find_if(places.begin(), places.end(),
                                 [&](const Place& place) { return place.key == key; });
    if (at == places.end()) return;
    bytes_ -= at->vector.bytes();
    order_.erase(at->turn);
    places.erase(at);
    if (places.empty()) buckets_.erase(found);
}

void NearIndex::add(const CacheKey& bucket, NearVector vector, const CacheKey& key) {
    const std::lock_guard lock(mutex_);
    Bucket& places = buckets_[bucket];
    const bool known = std::any_of(places.begin(), places.end(),
                                   [&](const Place& place) { return place.key == key; });
    if (known) return;
    bytes_ += vector.bytes();
    places.push_back({key, std::move(vector), order_.emplace(order_.end(), bucket, key)});
    if (places.size() > kMostInBucket) remove(bucket, CacheKey(places.front().key));
    while (bytes_ > most_bytes_) {
        const auto [oldest_bucket, oldest] = order_.front();
        remove(oldest_bucket, oldest);
    }
}

void NearIndex::erase(const CacheKey& bucket, const CacheKey& key) {
    const std::lock_guard lock(mutex_);
    remove(bucket, key);
}

void NearIndex::clear() {
    const std::lock_guard lock(mutex_);
    buckets_.clear();
    order_.clear();
    bytes_ = 0;
}

std::size_t NearIndex::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

}  // namespace patchbay
