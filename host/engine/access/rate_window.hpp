// How much was used in the minute under way: LiteLLM's fixed window.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

namespace patchbay::access {

/// A window begins with the first use after the last one ended. One word, so that it may be counted from every
/// loop without a lock. Times are seconds of a clock that never jumps and is never 0.
class RateWindow {
  public:
    static constexpr std::uint32_t kSeconds = 60;

    /// Now.
    static std::uint32_t clock() {
        using namespace std::chrono;
        const auto now = duration_cast<seconds>(steady_clock::now().time_since_epoch());
        return static_cast<std::uint32_t>(now.count()) + 1;
    }

    /// What was taken, for give_back() and correct().
    struct Taken {
        bool in = false;
        std::uint32_t start = 0;  ///< of the window
    };

    /// Takes `n` unless the limit would be passed. A use that is larger than the whole limit has a window of its
    /// own: else it could never be.
    Taken take(std::int64_t limit, std::uint32_t n, std::uint32_t now) {
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        while (true) {
            const auto [start, count] = at(word, now);
            const bool fits = std::int64_t{count} + n <= limit || (count == 0 && limit > 0);
            if (!fits) return {false, start};
            const std::uint64_t next = pack(start, std::uint64_t{count} + n);
            if (word_.compare_exchange_weak(word, next, std::memory_order_relaxed)) {
                return {true, start};
            }
        }
    }

    /// `more` than was taken was used, or less. What is found out after the window ended is a debt of the next
    /// one, and never a credit.
    void correct(Taken taken, std::int64_t more, std::uint32_t now) {
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        while (true) {
            const auto [start, count] = at(word, now);
            if (start != taken.start && more < 0) return;
            const std::int64_t sum = std::max<std::int64_t>(std::int64_t{count} + more, 0);
            const std::uint64_t next = pack(start, static_cast<std::uint64_t>(sum));
            if (word_.compare_exchange_weak(word, next, std::memory_order_relaxed)) return;
        }
    }

    std::int64_t used(std::uint32_t now) const {
        return at(word_.load(std::memory_order_relaxed), now).count;
    }
    /// Seconds until the window ends.
    std::uint32_t left(std::uint32_t now) const {
        return at(word_.load(std::memory_order_relaxed), now).start + kSeconds - now;
    }

  private:
    struct State {
        std::uint32_t start, count;
    };
    static State at(std::uint64_t word, std::uint32_t now) {
        const auto start = static_cast<std::uint32_t>(word >> 32);
        if (start == 0 || now - start >= kSeconds) return {now, 0};
        return {start, static_cast<std::uint32_t>(word)};
    }
    static std::uint64_t pack(std::uint32_t start, std::uint64_t count) {
        return std::uint64_t{start} << 32 | std::min<std::uint64_t>(count, 0xffff'ffff);
    }

    std::atomic<std::uint64_t> word_{0};
};

}  // namespace patchbay::access
