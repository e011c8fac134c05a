// The last times that a deployment took, and their mean.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace patchbay {

/// The mean of a list and when it was last added to, in one word: a strategy that compares a
/// thousand deployments reads 8 bytes of each. Any thread. What decides who stands in is in one order for all threads:
/// of one that is told something and one that forgets, one sees what the other did.
class LatencyMean {
  public:
    static std::uint32_t seconds_of(std::int64_t ns) {
        return ns > 0 ? static_cast<std::uint32_t>(ns / 1'000'000'000) : 0;
    }
    void set(float mean, std::int64_t now_ns) {
        word_.store(std::uint64_t{seconds_of(now_ns)} << 32 | std::bit_cast<std::uint32_t>(mean));
    }
    /// Goes on as `other` while it has nothing of its own.
    void stand_in(const LatencyMean& other) {
        std::uint64_t known = word_.load();
        if (known != kNever && (known & kStandsIn) == 0) return;
        // Whoever is faster knows as much.
        word_.compare_exchange_strong(known, other.word() | kStandsIn, std::memory_order_relaxed);
    }
    /// `oldest` in seconds of the steady clock. 0 = nothing was measured since then.
    float get(std::uint32_t oldest) const {
        const std::uint64_t known = word_.load();
        return is_older(known, oldest) ? 0 : std::bit_cast<float>(bits(known));
    }
    /// Forgets what is older than `oldest`, for `other` if that is not, and tells what get() does then.
    float renew(std::uint32_t oldest, const LatencyMean* other) {
        std::uint64_t known = word();
        if (is_older(known, oldest)) {
            const std::uint64_t next =
                other && other->get(oldest) > 0 ? other->word() | kStandsIn : kNever;
            // Else it was told something in this instant.
            word_.compare_exchange_strong(known, next);
        }
        // What `other` was told meanwhile could not stand in for what was not forgotten yet.
        if (other && word() == kNever && other->get(oldest) > 0) stand_in(*other);
        return get(oldest);
    }

    /// For who compares many: word() with is_older(), and the mean in its bits, which are in the order of floats;
    /// 0 where nothing was ever measured, which is never old.
    std::uint64_t word() const { return word_.load(std::memory_order_relaxed); }
    static bool is_older(std::uint64_t word, std::uint32_t oldest) {
        return word < std::uint64_t{oldest} << 32;
    }
    static std::int32_t bits(std::uint64_t word) {
        return static_cast<std::int32_t>(word & (kStandsIn - 1));
    }

  private:
    static constexpr std::uint64_t kNever = std::uint64_t{0xffffffff} << 32;
    static constexpr std::uint64_t kStandsIn =
        0x8000'0000;  ///< the sign of the mean, which has none

    std::atomic<std::uint64_t> word_{kNever};
};

/// LiteLLM's list of ten, as a ring. Any thread, without locks: of two samples in the same instant
/// one may go missing from the mean until the next.
class LatencyList {
  public:
    static constexpr std::size_t kLength = 10;

    /// Adds `seconds`, of any unit that the strategy compares, and tells `mean`; `now_ns` is of the
    /// steady clock.
    void add(float seconds, std::int64_t now_ns, LatencyMean& mean) {
        const std::uint32_t at = count_.fetch_add(1, std::memory_order_relaxed);
        samples_[at % kLength].store(seconds, std::memory_order_relaxed);
        const std::uint32_t known = at + 1 < kLength ? at + 1 : kLength;
        float sum = 0;
        for (std::uint32_t i = 0; i < known; ++i)
            sum += samples_[i].load(std::memory_order_relaxed);
        mean.set(sum / static_cast<float>(known), now_ns);
    }

  private:
    std::atomic<std::uint32_t> count_{0};
    std::array<std::atomic<float>, kLength> samples_{};
};

}  // namespace patchbay
