// Times by their size, in a fixed amount of memory.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace patchbay::bench {

/// Counts of nanoseconds in buckets no wider than 1/128 of their value, so a percentile is off by
/// less than 1 %. The largest value is kept as it is.
class Histogram {
  public:
    void record(std::uint64_t ns) {
        ++counts_[bucket(ns)];
        ++total_;
        max_ = std::max(max_, ns);
    }

    std::uint64_t count() const { return total_; }
    std::uint64_t max() const { return max_; }

    /// `share` in 0..1; the upper end of the bucket in which it lies. 0 without any value.
    std::uint64_t percentile(double share) const {
        const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            seen += counts_[i];
            if (seen > wanted) return std::min(upper_end(i), max_);
        }
        return max_;
    }

  private:
    static constexpr int kBits = 7;
    static constexpr std::uint64_t kSteps = 1u << kBits;

    // Below 2^kBits each value has its own bucket; above, each power of two has 2^kBits of them.
    static std::size_t bucket(std::uint64_t v) {
        if (v < kSteps) return static_cast<std::size_t>(v);
        const int shift = std::bit_width(v) - 1 - kBits;
        return static_cast<std::size_t>((static_cast<std::uint64_t>(shift) << kBits) +
                                        (v >> shift));
    }

    static std::uint64_t upper_end(std::size_t index) {
        if (index < kSteps) return index;
        const auto shift = static_cast<int>(index >> kBits) - 1;
        return (((index & (kSteps - 1)) | kSteps) + 1) << shift;
    }

    std::array<std::uint64_t, (64 - kBits + 1) << kBits> counts_{};
    std::uint64_t total_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace patchbay::bench
