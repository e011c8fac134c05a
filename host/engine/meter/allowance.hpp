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
//
// Gateways may share a budget (engine/shared/lease.hpp). Then this one has a share of it: what it may spend of its
// own in the period. Calls must fit into the share and into what the budget is known to have left, so each gateway
// lets one closer in, and what they pass the budget by is one call of each.
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

    /// How it stands for one who shares it with other gateways.
    struct Standing {
        std::int64_t until = 0;  ///< the end of the period: which one it is
        Amount own = 0;          ///< charged here in this period
        Amount held = 0;         ///< reserved by calls under way
        Amount spent = 0;        ///< by all, as far as is known here
        Amount posted = 0;       ///< of that, what the store said when it was asked
        Amount share = 0;        ///< that `own` may come to
        store::BudgetDuration duration{};
    };
    /// Of the period that holds `now`, which is begun if need be.
    Standing standing(std::int64_t now);
    bool shared() const { return share_.load(std::memory_order_relaxed) != kNone; }
    Amount own() const { return own_.load(std::memory_order_relaxed); }
    /// From now on `own` may come to `first` in this period, and in each that comes to `later` until somebody
    /// grants more. What `later` is may be changed; `first` counts the first time.
    void share(Amount first, Amount later);
    /// That share of the period that ends at `until`; nothing if another one has begun.
    void set_share(std::int64_t until, Amount share);
    /// Likewise one that is less than before. What holds: more, if calls under way have reserved more.
    Amount lower_share(std::int64_t until, Amount share);
    /// All gateways have spent that in the period.
    void hear(std::int64_t until, Amount spent);
    /// The most that a call asked for and could not have for want of a share, since the last time; 0: none.
    Amount missed() { return missed_.exchange(0, std::memory_order_relaxed); }

  private:
    static constexpr Amount kNone = -1;

    Amount left(Amount limit) const;
    void miss(Amount most);

    void begin_period(std::int64_t now);
    std::uint8_t bounds_reached(Amount spent, std::int64_t now) const;

    std::atomic<std::int64_t> spent_{0}, held_{0}, until_{0};
    std::atomic<Amount> own_{0}, share_{kNone}, later_{0}, posted_{0}, missed_{0};
    std::atomic<Amount> limit_{kNone}, soft_{kNone}, extra_{0};
    std::atomic<std::int64_t> extra_until_{0}, seconds_{0}, months_{0};
    std::atomic<bool> counts_{false}, closing_{false};
    std::atomic<std::uint8_t> told_{0};
};

}  // namespace patchbay::meter
