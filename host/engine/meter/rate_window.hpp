// How much was used in the minute under way: LiteLLM's fixed window; where gateways share a limit, a minute of the clock.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "engine/coarse_clock.hpp"
#include "engine/meter/rate_share.hpp"

namespace patchbay::meter {

/// A window begins with the first use after the last one ended. One word, so that it may be counted from every
/// loop without a lock. Times are seconds of a clock that never jumps and is always above a minute.
class RateWindow {
  public:
    static constexpr std::uint32_t kSeconds = RateShare::kSeconds;

    /// Now.
    static std::uint32_t clock() {
        using namespace std::chrono;
        const auto now = duration_cast<seconds>(coarse_now().time_since_epoch());
        return static_cast<std::uint32_t>(now.count()) + kSeconds + 1;
    }

    /// What was taken, for give_back() and correct().
    struct Taken {
        bool in = false;
        std::uint32_t start = 0;   ///< of the window
        std::uint32_t before = 0;  ///< used in it here, when it was taken
    };

    /// What this gateway may use of the limit, where others have the rest.
    RateShare share;

    /// Takes `n` unless the limit would be passed, or this gateway's share of it. A use that is larger than the whole limit has a window of its
    /// own: else it could never be.
    Taken take(std::int64_t limit, std::uint32_t n, std::uint32_t now) {
        const std::int64_t most = share.of(limit, now);
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        while (true) {
            const auto [start, count] = at(word, now);
            const bool fits = std::int64_t{count} + n <= most || (count == 0 && most > 0);
            if (!fits) {
                if (most < limit) share.miss(n);
                return {false, start, count};
            }
            const std::uint64_t next = pack(start, std::uint64_t{count} + n);
            if (word_.compare_exchange_weak(word, next, std::memory_order_relaxed)) {
                return {true, start, count};
            }
        }
    }

    /// Counts `n`, whatever was used before.
    Taken add(std::uint32_t n, std::uint32_t now) {
        std::uint64_t word = word_.load(std::memory_order_relaxed);
        while (true) {
            const auto [start, count] = at(word, now);
            const std::uint64_t next = pack(start, std::uint64_t{count} + n);
            if (word_.compare_exchange_weak(word, next, std::memory_order_relaxed)) {
                return {true, start, count};
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

    /// Here.
    std::int64_t used(std::uint32_t now) const {
        return at(word_.load(std::memory_order_relaxed), now).count;
    }
    /// Here, and by the others as far as is known.
    std::int64_t used_by_all(std::uint32_t now) const { return used(now) + share.others(now); }
    /// Seconds until the window ends.
    std::uint32_t left(std::uint32_t now) const {
        if (share.shared()) return share.begin(now) + kSeconds - now;
        return at(word_.load(std::memory_order_relaxed), now).start + kSeconds - now;
    }

  private:
    struct State {
        std::uint32_t start, count;
    };
    State at(std::uint64_t word, std::uint32_t now) const {
        const auto start = static_cast<std::uint32_t>(word >> 32);
        if (share.shared()) {
            const std::uint32_t begin = share.begin(now);
            if (start < begin) return {begin, 0};
        } else if (start == 0 || now - start >= kSeconds)
            return {now, 0};
        return {start, static_cast<std::uint32_t>(word)};
    }
    static std::uint64_t pack(std::uint32_t start, std::uint64_t count) {
        return std::uint64_t{start} << 32 | std::min<std::uint64_t>(count, 0xffff'ffff);
    }

    std::atomic<std::uint64_t> word_{0};
};

}  // namespace patchbay::meter
