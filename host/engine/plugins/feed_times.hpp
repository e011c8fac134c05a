// How long a component's feed() takes: a histogram that every worker adds to without a lock.
//
// Eight buckets per power of two, so a quantile is told to within an eighth of itself. One relaxed
// addition per event; the buckets lie apart enough that workers seldom meet in one cache line.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace patchbay {

/// Thread-safe. Times beyond about 18 minutes count as that.
class FeedTimes {
  public:
    void add(std::uint64_t ns) noexcept {
        counts_[bucket_of(ns)].fetch_add(1, std::memory_order_relaxed);
    }

    /// Seconds that a share `q` (0 to 1) of the calls did not exceed, rounded up to the end of its
    /// bucket; 0 before the first call.
    double quantile(double q) const noexcept {
        std::array<std::uint64_t, kBuckets> counts;
        std::uint64_t total = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            counts[i] = counts_[i].load(std::memory_order_relaxed);
            total += counts[i];
        }
        if (total == 0) return 0;
        const double wanted = q * static_cast<double>(total);
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            seen += counts[i];
            if (seen > 0 && static_cast<double>(seen) >= wanted) return end_of(i) / 1e9;
        }
        return end_of(kBuckets - 1) / 1e9;
    }

  private:
    static constexpr unsigned kSubBits = 3;
    static constexpr std::size_t kSub = 1u << kSubBits;
    static constexpr unsigned kMaxBits = 40;
    static constexpr std::size_t kBuckets = (kMaxBits - kSubBits + 1) * kSub;

    static std::size_t bucket_of(std::uint64_t ns) noexcept {
        if (ns < kSub) return static_cast<std::size_t>(ns);
        const auto shift = static_cast<unsigned>(std::bit_width(ns)) - 1 - kSubBits;
        const std::size_t bucket = (shift + 1) * kSub + ((ns >> shift) & (kSub - 1));
        return std::min(bucket, kBuckets - 1);
    }
    /// Nanoseconds.
    static double end_of(std::size_t bucket) noexcept {
        if (bucket < kSub) return static_cast<double>(bucket);
        const std::size_t shift = bucket / kSub - 1;
        return static_cast<double>(((kSub + bucket % kSub + 1) << shift) - 1);
    }

    std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
};

}  // namespace patchbay
