// A mean that follows what was seen lately, in one word.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>

namespace patchbay {

/// An exponentially weighted mean and when it was last told something. Any thread, no locks. The
/// values are of any unit and >= 0; the time is the steady clock's, and what was learned before 24
/// days without a sample may count as new.
class Ewma {
  public:
    /// After so long without a sample a third of what was known is left.
    static constexpr float kDecaySeconds = 10;

    /// Finagle's peak EWMA: what is worse counts at once, what is better little by little. There a
    /// worse sample replaces the mean; here it goes half of the way, since times of models have long
    /// tails and one outlier would keep calls from a good deployment.
    void add_peak(float x, std::int64_t now_ns) {
        change(now_ns, [&](bool known, float mean, float age) {
            if (!known) return x;
            return x > mean ? mean + (x - mean) / 2 : x + (mean - x) * faded(age);
        });
    }
    /// A sample counts for `share` of the mean, whenever it comes.
    void add(float x, float share, std::int64_t now_ns) {
        change(now_ns, [&](bool known, float mean, float) {
            return known ? mean + (x - mean) * share : x;
        });
    }
    /// As add(), from a mean of 0 where nothing is known.
    void add_from_zero(float x, float share, std::int64_t now_ns) {
        change(now_ns, [&](bool, float mean, float age) {
            const float left = mean * faded(age);
            return left + (x - left) * share;
        });
    }

    /// The mean, which goes back to `usual` while nothing is told; `usual` where nothing is known.
    float get(std::int64_t now_ns, float usual) const {
        const std::uint64_t word = word_.load(std::memory_order_relaxed);
        if (word == 0) return usual;
        return usual + (value(word) - usual) * faded(age_of(word, now_ns));
    }
    /// The mean however old it is; 0 where nothing is known.
    float last() const { return value(word_.load(std::memory_order_relaxed)); }
    bool known() const { return word_.load(std::memory_order_relaxed) != 0; }
    /// Was it told something in the last `seconds`?
    bool told_within(float seconds, std::int64_t now_ns) const {
        const std::uint64_t word = word_.load(std::memory_order_relaxed);
        return word != 0 && age_of(word, now_ns) <= seconds;
    }

  private:
    static float value(std::uint64_t word) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(word));
    }
    // Milliseconds, never 0, so that a word that is known is not 0.
    static std::uint32_t ticks(std::int64_t ns) {
        return static_cast<std::uint32_t>(ns / 1'000'000) | 1;
    }
    static float age_of(std::uint64_t word, std::int64_t now_ns) {
        const auto since = ticks(now_ns) - static_cast<std::uint32_t>(word >> 32);
        return std::max(static_cast<float>(static_cast<std::int32_t>(since)) / 1000, 0.0F);
    }
    static float faded(float age) { return std::exp(-age / kDecaySeconds); }

    template <class Next>
    void change(std::int64_t now_ns, Next next) {
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        std::uint64_t changed = 0;
        do {
            const float mean = next(word != 0, value(word), word ? age_of(word, now_ns) : 0);
            changed = std::uint64_t{ticks(now_ns)} << 32 | std::bit_cast<std::uint32_t>(mean);
        } while (!word_.compare_exchange_weak(word, changed, std::memory_order_relaxed));
    }

    std::atomic<std::uint64_t> word_{0};
};

}  // namespace patchbay
