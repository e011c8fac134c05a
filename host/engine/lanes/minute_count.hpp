// A count that begins again with every minute of the clock.
#pragma once

#include <atomic>
#include <cstdint>

namespace patchbay {

/// One word, the minute above and the count below. Any thread; what two threads add in the instant
/// in which a minute ends may count for either.
class MinuteCount {
  public:
    std::uint32_t get(std::uint32_t minute) const {
        const std::uint64_t word = word_.load(std::memory_order_relaxed);
        return word >> 32 == minute ? static_cast<std::uint32_t>(word) : 0;
    }
    /// Adds; the count stays at its greatest value instead of beginning again. What comes when the next minute has
    /// begun to be counted counts for that one.
    void add(std::uint32_t minute, std::uint32_t n) {
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        do {
            const std::uint64_t begun = word >> 32;
            const std::uint64_t at = begun == std::uint64_t{minute} + 1 ? begun : minute;
            const std::uint64_t count = begun == at ? word & kMost : 0;
            next = at << 32 | (count + n > kMost ? kMost : count + n);
        } while (!word_.compare_exchange_weak(word, next, std::memory_order_relaxed));
    }

    /// Takes back what was added in `minute`. Nothing, once another minute has begun to be counted.
    void take_back(std::uint32_t minute, std::uint32_t n) {
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        std::uint64_t next = 0;
        do {
            if (word >> 32 != minute) return;
            const std::uint64_t count = word & kMost;
            next = std::uint64_t{minute} << 32 | (count > n ? count - n : 0);
        } while (!word_.compare_exchange_weak(word, next, std::memory_order_relaxed));
    }

  private:
    static constexpr std::uint64_t kMost = 0xffffffff;
    std::atomic<std::uint64_t> word_{0};
};

}  // namespace patchbay
