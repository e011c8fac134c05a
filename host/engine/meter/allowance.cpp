#include "engine/meter/allowance.hpp"

#include <algorithm>

#include "engine/meter/atomic_max.hpp"
#include "store/period.hpp"

namespace patchbay::meter {

void Allowance::load(const store::LimitsRecord& limits) {
    limit_ = limits.max_nano.value_or(kNone);
    soft_ = limits.soft_nano.value_or(kNone);
    extra_ = limits.extra_nano;
    extra_until_ = limits.extra_until;
    const bool counts = limits.max_nano || limits.soft_nano;
    const bool other = seconds_ != limits.duration.seconds || months_ != limits.duration.months;
    if (counts && (!counts_ || other)) {
        seconds_ = limits.duration.seconds;
        months_ = limits.duration.months;
        until_ = limits.period.until;
        spent_ = posted_ = limits.spent;
        if (shared()) share_ = later_.load();
        own_ = 0;
        told_ = bounds_reached(limits.spent, limits.period.from);
    } else if (counts && until_ == limits.period.until) {
        spent_ += std::max<std::int64_t>(limits.spent - spent_, 0);
        posted_ = limits.spent;
    }
    counts_.store(counts, std::memory_order_release);
}

Amount Allowance::limit(std::int64_t now) const {
    const Amount limit = limit_.load(std::memory_order_relaxed);
    if (limit == kNone) return soft();
    const bool more = now < extra_until_.load(std::memory_order_relaxed);
    return limit + (more ? extra_.load(std::memory_order_relaxed) : 0);
}

// What was spent before is the past's. Who moves the end takes away what stood there; charges that come in
// between stay.
void Allowance::begin_period(std::int64_t now) {
    std::int64_t until = until_.load(std::memory_order_acquire);
    if (now < until) return;
    const store::BudgetDuration duration{seconds_, months_};
    const std::int64_t before = spent_, own = own_;
    if (!until_.compare_exchange_strong(until, store::period_of(duration, now).until)) return;
    if (shared()) share_ = later_.load();  // before there is room for it
    own_ -= own;
    spent_ -= before;
    posted_ = 0;
    told_ = 0;
}

Amount Allowance::left(Amount limit) const {
    const Amount rest = limit - spent_, share = share_;
    return share == kNone ? rest : std::min(rest, share - own_);
}

void Allowance::miss(Amount most) {
    if (shared()) raise_to(missed_, most);
}

Allowance::Verdict Allowance::reserve(Amount most, std::int64_t now) {
    begin_period(now);
    const std::int64_t held = held_.fetch_add(most);
    if (!hard()) return Verdict::in;
    const Amount limit = this->limit(now);
    if (const Amount left = this->left(limit); left > 0 && held + most <= left) return Verdict::in;
    miss(most);
    bool closing = false;
    if (closing_.compare_exchange_strong(closing, true)) {
        // Read again: a closer before this one has settled what it cost.
        if (left(limit) - held > 0) return Verdict::closer;
        closing_ = false;
    }
    held_ -= most;
    return spent_ < limit ? Verdict::reserved : Verdict::exceeded;
}

std::uint8_t Allowance::settle(Amount most, Verdict how, Amount charged, std::int64_t now) {
    // In this order it never looks as if there were more left than there is.
    const std::uint8_t crossed = charge(charged, now);
    held_ -= most;
    if (how == Verdict::closer) closing_ = false;
    return crossed;
}

std::uint8_t Allowance::charge(Amount charge, std::int64_t now) {
    begin_period(now);
    if (shared()) own_ += charge;
    const Amount spent = spent_.fetch_add(charge) + charge;
    if (charge <= 0) return 0;
    const std::uint8_t reached = bounds_reached(spent, now);
    if ((reached & ~told_.load(std::memory_order_relaxed)) == 0) return 0;
    return static_cast<std::uint8_t>(reached & ~told_.fetch_or(reached));
}

std::uint8_t Allowance::bounds_reached(Amount spent, std::int64_t now) const {
    std::uint8_t reached = 0;
    const Amount soft = soft_.load(std::memory_order_relaxed);
    if (soft != kNone && spent >= soft) reached |= kSoft;
    if (!hard()) return reached;
    const Amount limit = this->limit(now);
    if (spent >= limit) return reached | kExceeded | kFiveLeft | kFifteenLeft;
    if (spent >= limit - limit / 20) reached |= kFiveLeft;
    if (spent >= limit - limit / 20 * 3) reached |= kFifteenLeft;
    return reached;
}

Allowance::Standing Allowance::standing(std::int64_t now) {
    begin_period(now);
    return {until_, own_, held_, spent_, posted_, share_, {seconds_, months_}};
}

void Allowance::share(Amount first, Amount later) {
    later_ = later;
    Amount none = kNone;
    share_.compare_exchange_strong(none, own_ + std::max<Amount>(first, 0));
}

void Allowance::set_share(std::int64_t until, Amount share) {
    if (until_ != until) return;
    share_ = share;
    if (until_ != until) share_ = later_.load();
}

// Who reserves counts it first and looks at the share then; so either it sees this one, or it is seen here.
Amount Allowance::lower_share(std::int64_t until, Amount share) {
    if (until_ != until) return share_;
    share_ = share;
    const Amount taken = own_ + held_;
    if (taken > share) share_ = share = taken;
    if (until_ != until) share_ = later_.load();
    return share;
}

void Allowance::hear(std::int64_t until, Amount spent) {
    if (until_ != until) return;
    spent_ += std::max<Amount>(spent - spent_, 0);
}

}  // namespace patchbay::meter
