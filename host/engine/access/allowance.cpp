#include "engine/access/allowance.hpp"

#include "store/period.hpp"

namespace patchbay::access {

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
        spent_ = limits.spent;
        told_ = false;
    }
    counts_.store(counts, std::memory_order_release);
}

meter::Amount Allowance::limit(std::int64_t now) const {
    const meter::Amount limit = limit_.load(std::memory_order_relaxed);
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
    const std::int64_t before = spent_;
    if (!until_.compare_exchange_strong(until, store::period_of(duration, now).until)) return;
    spent_ -= before;
    told_ = false;
}

Allowance::Verdict Allowance::reserve(meter::Amount most, std::int64_t now) {
    begin_period(now);
    const std::int64_t held = held_.fetch_add(most);
    if (!hard()) return Verdict::in;
    const meter::Amount limit = this->limit(now);
    if (spent_ < limit && held + most <= limit - spent_) return Verdict::in;
    bool closing = false;
    if (closing_.compare_exchange_strong(closing, true)) {
        // Read again: a closer before this one has settled what it cost.
        if (limit - spent_ - held > 0) return Verdict::closer;
        closing_ = false;
    }
    held_ -= most;
    return spent_ < limit ? Verdict::reserved : Verdict::exceeded;
}

bool Allowance::settle(meter::Amount most, Verdict how, meter::Amount charged, std::int64_t now) {
    // In this order it never looks as if there were more left than there is.
    const bool passed = charge(charged, now);
    held_ -= most;
    if (how == Verdict::closer) closing_ = false;
    return passed;
}

bool Allowance::charge(meter::Amount charge, std::int64_t now) {
    begin_period(now);
    const meter::Amount spent = spent_.fetch_add(charge) + charge;
    const meter::Amount soft = soft_;
    return soft != kNone && charge > 0 && spent >= soft && !told_.exchange(true);
}

}  // namespace patchbay::access
