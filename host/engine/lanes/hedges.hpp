// What a model group may spend on second attempts, and what it has learned for them.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "engine/lanes/clock.hpp"
#include "engine/lanes/ewma.hpp"
#include "engine/lanes/spread.hpp"

namespace patchbay {

/// Money of a group's calls, and the bucket out of which its hedges are paid: each call pays a share
/// of what it cost into it. So hedges cost no more than that share of all, also when every
/// deployment is slow: then they stop by themselves. In billionths of a dollar, or in tokens where
/// some deployment has no price. Any thread, no locks.
class Hedges {
  public:
    /// The bucket holds what so many calls cost on average, so that a quiet hour pays for no storm.
    static constexpr double kMostCalls = 32;
    static constexpr std::int64_t kFuller = 4;

    Spread spread;  ///< first tokens by what was to be expected, of all lanes

    /// A call has cost so much.
    void called(double cost, double share, const Now& now) {
        cost_.add(static_cast<float>(cost), 1.0F / 64, now.ns());
        const auto most = static_cast<std::int64_t>(kMostCalls * mean_cost() * kUnit);
        const auto paid = static_cast<std::int64_t>(cost * share * kUnit);
        std::int64_t held = bucket_.load(std::memory_order_relaxed);
        while (held < most && !bucket_.compare_exchange_weak(held, std::min(held + paid, most),
                                                             std::memory_order_relaxed)) {
        }
    }
    /// Takes it out of the bucket; false: there is not kFuller times as much in it. So what is dear waits for
    /// a bucket that is full, and what is cheap, of which there can be more, is paid for also when it is low.
    bool take(double cost) {
        const auto wanted = static_cast<std::int64_t>(cost * kUnit);
        std::int64_t held = bucket_.load(std::memory_order_relaxed);
        do {
            if (held < kFuller * wanted) return false;
        } while (!bucket_.compare_exchange_weak(held, held - wanted, std::memory_order_relaxed));
        return true;
    }
    /// It has turned out to cost so much more than was taken, or less: exact in the sum, so the bucket may
    /// be below 0 for a while.
    void correct(double more) {
        bucket_.fetch_sub(static_cast<std::int64_t>(more * kUnit), std::memory_order_relaxed);
    }
    /// A deployment said that it has too many calls.
    void refused(const Now& now) { refused_.store(now.ns(), std::memory_order_relaxed); }
    /// Was one lately? What is short is places then, which a second attempt takes from another call.
    bool crowded(const Now& now) const {
        const std::int64_t at = refused_.load(std::memory_order_relaxed);
        return at != 0 && now.ns() - at < kCrowdedNs;
    }
    /// What a call costs on average; 0 = none has ended.
    double mean_cost() const { return static_cast<double>(cost_.last()); }

  private:
    static constexpr std::int64_t kCrowdedNs = 10'000'000'000;
    static constexpr double kUnit = 1000;  ///< parts of a token, or of a billionth of a dollar

    std::atomic<std::int64_t> bucket_{0};
    std::atomic<std::int64_t> refused_{0};  ///< ns of the steady clock; 0 = never
    Ewma cost_;
};

}  // namespace patchbay
