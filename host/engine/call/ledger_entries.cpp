#include "engine/call/ledger_entries.hpp"

#include "engine/coarse_clock.hpp"

namespace patchbay {

namespace {

using Clock = UsageAccount::Clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;

// An attempt is timed by a clock that never jumps; its place in time is that of the last tick, less the
// distance to it.
struct Moment {
    Clock::time_point steady = coarse_now();
    std::int64_t since_1970 = coarse_unix_us();

    std::int64_t unix_us(Clock::time_point when) const {
        return since_1970 - duration_cast<microseconds>(steady - when).count();
    }
};

LedgerEntry entry_of(const UsageAccount::Attempt& attempt, const Moment& now) {
    LedgerEntry entry;
    entry.started_us = now.unix_us(attempt.started);
    entry.ended_us =
        now.unix_us(attempt.ended == Clock::time_point{} ? Clock::now() : attempt.ended);
    entry.status = static_cast<std::uint32_t>(attempt.status);
    if (attempt.estimated) entry.flags |= LedgerEntry::kEstimated;
    if (attempt.cached) entry.flags |= LedgerEntry::kCacheHit;
    const meter::Cost& cost = attempt.cost;
    if ((cost.flags & meter::Cost::kUnpriced) != 0) entry.flags |= LedgerEntry::kUnpriced;
    if ((cost.flags & meter::Cost::kAssumed) != 0) entry.flags |= LedgerEntry::kAssumed;
    if ((cost.flags & meter::Cost::kAbsurd) != 0) entry.flags |= LedgerEntry::kAbsurd;
    entry.price = attempt.price;
    entry.parts = cost.parts;
    entry.reasoning = cost.reasoning;
    entry.original = cost.original;
    entry.cost = cost.cost;
    entry.charge = cost.charge;
    entry.margin_fixed = cost.margin_fixed;
    const meter::Terms& terms = attempt.deployment->pricing.terms;
    entry.discount_ppm = static_cast<std::uint32_t>(terms.discount);
    entry.margin_ppm = static_cast<std::uint32_t>(terms.margin);
    const ServiceTier served = attempt.usage.tier;
    entry.tier = static_cast<std::uint32_t>(served == ServiceTier::untold ? attempt.asked : served);
    for (std::size_t i = 0; i < kUsageCounts.size(); ++i) {
        entry.usage[i] = attempt.usage.*kUsageCounts[i];
    }
    return entry;
}

}  // namespace

std::vector<LedgerEntry> ledger_entries(const UsageAccount& account) {
    std::vector<LedgerEntry> entries;
    if (!account.last().deployment) return entries;
    const Moment now;
    entries.reserve(account.earlier().size() + 1);
    const auto add = [&](const UsageAccount::Attempt& attempt) {
        entries.push_back(entry_of(attempt, now));
        entries.back().attempt = static_cast<std::uint32_t>(entries.size());
    };
    for (const auto& attempt : account.earlier()) add(attempt);
    add(account.last());
    return entries;
}

}  // namespace patchbay
