// This gateway's share of a rate that several gateways have together: how much of each minute it may use.
//
// Gateways count the minutes of one clock, that of the server they share by. Who has been granted a share of a minute
// may use that; in one that it has no grant of, what it begins with.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "engine/meter/atomic_max.hpp"

namespace patchbay::meter {

/// What of a window that nothing was granted of yet may be used, where `left` is left of it: all by one who is alone, else
/// a fourth of its part, and one at least.
constexpr std::int64_t first_share(std::int64_t left, std::int64_t nodes) {
    constexpr std::int64_t kPart = 4;
    if (left <= 0) return 0;
    return nodes <= 1 ? left : std::max<std::int64_t>(left / (kPart * nodes), 1);
}

/// Set on one thread, read on any. `now` is RateWindow's clock. As it is made nothing is shared.
class RateShare {
  public:
    static constexpr std::uint32_t kSeconds = 60;

    bool shared() const { return ahead_.load(std::memory_order_relaxed) != 0; }
    /// The minute that it is, where it is shared.
    std::uint32_t minute(std::uint32_t now) const {
        return (now + ahead_.load(std::memory_order_relaxed)) / kSeconds;
    }
    /// When it began.
    std::uint32_t begin(std::uint32_t now) const {
        return now - (now + ahead_.load(std::memory_order_relaxed)) % kSeconds;
    }
    /// What of the limit this gateway may use in the minute, where it is shared.
    std::int64_t share(std::int64_t limit, std::uint32_t minute) const {
        const std::uint64_t word = shares_[minute & 1].load(std::memory_order_relaxed);
        if (word >> 32 == minute) return static_cast<std::uint32_t>(word);
        return first_share(limit, nodes_.load(std::memory_order_relaxed));
    }
    /// What the others have used in it, as far as is known.
    std::int64_t others(std::uint32_t now) const {
        const std::uint32_t minute = this->minute(now);
        const std::uint64_t word = others_[minute & 1].load(std::memory_order_relaxed);
        return shared() && word >> 32 == minute ? static_cast<std::uint32_t>(word) : 0;
    }
    /// What of the limit may be used here now.
    std::int64_t of(std::int64_t limit, std::uint32_t now) const {
        return shared() ? std::min(limit, share(limit, minute(now))) : limit;
    }

    /// Shares from now on with so many gateways, this one too; the server's clock is `ahead` seconds ahead.
    void use(std::uint32_t ahead, std::int64_t nodes) {
        nodes_.store(nodes, std::memory_order_relaxed);
        ahead_.store(ahead, std::memory_order_relaxed);
    }
    void set_share(std::uint32_t minute, std::int64_t share) {
        shares_[minute & 1].store(pack(minute, share), std::memory_order_relaxed);
    }
    void set_others(std::uint32_t minute, std::int64_t used) {
        others_[minute & 1].store(pack(minute, used), std::memory_order_relaxed);
    }

    /// A use of `n` was refused for want of a share, not of a limit.
    void miss(std::uint32_t n) { raise_to(missed_, n); }
    /// The largest that was, since the last time; 0: none.
    std::uint32_t missed() { return missed_.exchange(0, std::memory_order_relaxed); }

  private:
    static std::uint64_t pack(std::uint32_t minute, std::int64_t n) {
        return std::uint64_t{minute} << 32 |
               static_cast<std::uint64_t>(std::clamp<std::int64_t>(n, 0, 0xffff'ffff));
    }

    std::atomic<std::uint32_t> ahead_{0}, missed_{0};
    std::atomic<std::int64_t> nodes_{1};
    // Of the even minute and the odd one: a share of the next is asked for, and the last of the one before is heard,
    // while another one is under way.
    std::array<std::atomic<std::uint64_t>, 2> shares_{}, others_{};
};

}  // namespace patchbay::meter
