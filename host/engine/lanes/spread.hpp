// How widely a deployment's times spread: a sketch for quantiles.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>

namespace patchbay {

/// Counts samples of the last half minute to minute in buckets that grow by 4 %, as DDSketch does:
/// a quantile is within 2 % of a sample. Samples are ratios, a time by the one that was to be
/// expected, so one sketch serves short prompts and long ones; below 0.01 and above 100 they count
/// as those. Any thread, no locks: what is told in the instant in which a window begins may be lost.
class Spread {
  public:
    static constexpr std::int64_t kWindowNs = 30'000'000'000;
    static constexpr double kGrowth = 1.04;
    static constexpr double kLeast = 0.01;
    static constexpr std::size_t kBuckets = 236;  ///< up to 100

    void add(double ratio, std::int64_t now_ns) {
        Window& window = current(now_ns);
        window.counts[bucket_of(ratio)].fetch_add(1, std::memory_order_relaxed);
    }

    /// How many samples there are.
    std::uint32_t count(std::int64_t now_ns) const {
        std::uint32_t sum = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) sum += both(i, now_ns);
        return sum;
    }
    /// A value that a share `q` of the samples does not pass; 0 if there are fewer than `least`.
    double quantile(double q, std::uint32_t least, std::int64_t now_ns) const {
        const std::uint32_t all = count(now_ns);
        if (all == 0 || all < least) return 0;
        const double wanted = q * static_cast<double>(all);
        std::uint32_t seen = 0;
        std::size_t i = 0;
        for (; i + 1 < kBuckets; ++i) {
            seen += both(i, now_ns);
            if (static_cast<double>(seen) >= wanted) break;
        }
        return kLeast * std::pow(kGrowth, static_cast<double>(i) + 0.5);
    }

    /// The same, counted at most ten times a second once there are so many, for who asks with every call;
    /// always for the same `q` and `least`.
    double quantile_lately(double q, std::uint32_t least, std::int64_t now_ns) const {
        const auto tick = static_cast<std::uint32_t>(now_ns / kTickNs + 1);
        const std::uint64_t word = lately_.load(std::memory_order_relaxed);
        if (word >> 32 == tick) {
            return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(word)));
        }
        const double found = quantile(q, least, now_ns);
        const auto kept = std::bit_cast<std::uint32_t>(static_cast<float>(found));
        if (found > 0) lately_.store(std::uint64_t{tick} << 32 | kept, std::memory_order_relaxed);
        return found;
    }

  private:
    static constexpr std::int64_t kTickNs = 100'000'000;
    struct Window {
        std::atomic<std::int64_t> number{-1};  ///< of the half minute since the clock's beginning
        std::array<std::atomic<std::uint32_t>, kBuckets> counts{};
    };

    static std::size_t bucket_of(double ratio) {
        if (!(ratio > kLeast)) return 0;
        const auto i = static_cast<std::size_t>(std::log(ratio / kLeast) / std::log(kGrowth));
        return i < kBuckets ? i : kBuckets - 1;
    }
    Window& current(std::int64_t now_ns) {
        const std::int64_t number = now_ns / kWindowNs;
        Window& window = windows_[static_cast<std::size_t>(number) % 2];
        std::int64_t known = window.number.load(std::memory_order_relaxed);
        // Who comes first in a window clears what stood there.
        if (known < number && window.number.compare_exchange_strong(known, number)) {
            for (auto& count : window.counts) count.store(0, std::memory_order_relaxed);
        }
        return window;
    }
    std::uint32_t both(std::size_t i, std::int64_t now_ns) const {
        const std::int64_t number = now_ns / kWindowNs;
        std::uint32_t sum = 0;
        for (const Window& window : windows_) {
            if (window.number.load(std::memory_order_relaxed) < number - 1) continue;
            sum += window.counts[i].load(std::memory_order_relaxed);
        }
        return sum;
    }

    std::array<Window, 2> windows_{};
    mutable std::atomic<std::uint64_t> lately_{0};  ///< tick << 32 | the quantile; 0 = none
};

}  // namespace patchbay
