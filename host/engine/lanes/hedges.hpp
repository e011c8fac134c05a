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
    /// Takes it out of the bucket; false: there is not enough.
    bool take(double cost) {
        const auto wanted = static_cast<std::int64_t>(cost * kUnit);
        std::int64_t held = bucket_.load(std::memory_order_relaxed);
        do {
            if (held < wanted) return false;
        } while (!bucket_.compare_exchange_weak(held, held - wanted, std::memory_order_relaxed));
        return true;
    }
    /// What a call costs on average; 0 = none has ended.
    double mean_cost() const { return static_cast<double>(cost_.last()); }

  private:
    static constexpr double kUnit = 1000;  ///< parts of a token, or of a billionth of a dollar

    std::atomic<std::int64_t> bucket_{0};
    Ewma cost_;
};

}  // namespace patchbay
