// A budget in this process: what may still be spent in the period under way.
//
// The problem: calls run at the same time and nobody knows what one costs before it ends. So a call reserves
// the most that it can cost, and gives that back when it is settled. As long as what is spent and what is
// reserved fit into the budget, it cannot be passed, whatever the calls cost. When the most does not fit any
// more, one call at a time is let in as the *closer*, provided that something is left which nobody has
// reserved. It may pass the budget by its own cost, and by no more, as no other call is let in beside it
// unless its most still fits. So
//
//     spent <= budget + the cost of one call + what calls cost beyond what they reserved
//
// and the last term is 0 where the most that a call can cost is known.
#pragma once

#include <atomic>
#include <cstdint>

#include "engine/meter/amount.hpp"
#include "store/key_record.hpp"

namespace patchbay::meter {

/// Amounts are nano-dollars, times microseconds since 1970. Every function but load() from any thread, without
/// a lock.
class alignas(64) Allowance {
  public:
    enum class Verdict {
        in,
        closer,    ///< in, as the one whose most does not fit
        reserved,  ///< what is left is reserved by calls under way: later it may fit
        exceeded,  ///< nothing is left
    };

    /// What a charge has passed, each once in a period; bits.
    enum Crossed : std::uint8_t {
        kSoft = 1,         ///< the soft budget
        kFifteenLeft = 2,  ///< 85 % of the hard one, so that at most 15 % are left
        kFiveLeft = 4,     ///< 95 %
        kExceeded = 8,     ///< all of it
    };

    /// Takes the limits of a record, which was just read. What the record says was spent counts where this
    /// process has not counted itself: at first, when the period is another one, and where it is more than was
    /// counted here, as others may have spent of the same budget. One thread at a time.
    void load(const store::LimitsRecord& limits);

    /// Is there a budget at all, hard or soft? If not nothing is to be asked or counted.
    bool counts() const { return counts_.load(std::memory_order_acquire); }
    bool hard() const { return limit_.load(std::memory_order_relaxed) != kNone; }

    /// Asks for `most`. After `in` and `closer` settle() is owed, once.
    Verdict reserve(Amount most, std::int64_t now);
    /// The call is over and costs `charge`, which counts in the period that is now.
    /// Which bounds were passed with it, for the first time in this period.
    std::uint8_t settle(Amount most, Verdict how, Amount charge, std::int64_t now);
    /// The same for a call that did not have to ask.
    std::uint8_t charge(Amount charge, std::int64_t now);

    Amount spent() const { return spent_.load(std::memory_order_relaxed); }
    /// The same of the period that holds `now`, whatever was counted last.
    Amount spent(std::int64_t now) const {
        return now < until_.load(std::memory_order_relaxed) ? spent() : 0;
    }
    /// The hard limit with what was added to it for a time; what is soft without one.
    Amount limit(std::int64_t now) const;
    Amount soft() const { return soft_.load(std::memory_order_relaxed); }

  private:
    static constexpr Amount kNone = -1;

    void begin_period(std::int64_t now);
    std::uint8_t bounds_reached(Amount spent, std::int64_t now) const;

    std::atomic<std::int64_t> spent_{0}, held_{0}, until_{0};
    std::atomic<Amount> limit_{kNone}, soft_{kNone}, extra_{0};
    std::atomic<std::int64_t> extra_until_{0}, seconds_{0}, months_{0};
    std::atomic<bool> counts_{false}, closing_{false};
    std::atomic<std::uint8_t> told_{0};
};

}  // namespace patchbay::meter
