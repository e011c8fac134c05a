#include "engine/router/rests.hpp"

#include <algorithm>

namespace patchbay {

using std::chrono::milliseconds;

namespace {

// LiteLLM's numbers.
constexpr milliseconds kDefaultRest{5'000};
constexpr std::uint32_t kLeastCalls = 5;          ///< of a minute, before a share says anything
constexpr std::uint32_t kLeastCallsAlone = 1000;  ///< where there is nothing else to go to
// Ours.
constexpr std::uint32_t kUnreachableInRow = 3;
constexpr milliseconds kQuotaRest{60'000};
constexpr milliseconds kMostRest{600'000};
constexpr milliseconds kMostQuotaRest{900'000};
constexpr milliseconds kMostRetryAfter{3'600'000};
constexpr std::chrono::nanoseconds kLongestProbe = std::chrono::minutes(10);

void wake(LaneTable& table, LaneIndex lane) {
    if (table.rest_until(lane).exchange(0, std::memory_order_relaxed) != 0) {
        table.resting().fetch_sub(1, std::memory_order_relaxed);
    }
}

// Fails in a window as long as the rest would be, as LiteLLM's counter. Returns them, this one too.
std::uint32_t count_allowed(std::atomic<std::uint64_t>& allowed, milliseconds window,
                            const Now& now) {
    const auto second = static_cast<std::uint64_t>(now.ns() / 1'000'000'000);
    const auto length = static_cast<std::uint64_t>(
        std::max<std::int64_t>(std::chrono::ceil<std::chrono::seconds>(window).count(), 1));
    std::uint64_t word = allowed.load(std::memory_order_relaxed);
    std::uint64_t next = 0;
    do {
        const bool open = second < word >> 32;
        next = open ? word + 1 : (second + length) << 32 | 1;
    } while (!allowed.compare_exchange_weak(word, next, std::memory_order_relaxed));
    return static_cast<std::uint32_t>(next);
}

// LiteLLM's second version: shares of a minute's calls.
bool by_share(const LaneFailures& failures, bool company, const Now& now) {
    const std::uint32_t bad = failures.bad.get(now.minute());
    const std::uint32_t all = bad + failures.good.get(now.minute());
    if (bad == all && all >= kLeastCallsAlone) return true;
    return company && all >= kLeastCalls && 2 * bad > all;
}

milliseconds base_rest(const LaneFailure& failure, const RoutingSettings& settings) {
    if (failure.cooldown_ms >= 0) return milliseconds(failure.cooldown_ms);
    if (failure.cause == Cause::quota) return kQuotaRest;
    return settings.cooldown_time.value_or(kDefaultRest);
}

// What the deployment's own policy says of such a failure. The plugin's faults are its breaker's.
std::optional<int> named_by_own(const LaneFailure& failure) {
    if (failure.own == nullptr || failure.cause == Cause::plugin) return std::nullopt;
    return failure.own->policy.find(rule_of(failure.cause).policy);
}

bool is_more(std::uint32_t fails, int allowed) {
    return fails > static_cast<std::uint32_t>(allowed);
}

bool must_rest(LaneFailures& failures, const LaneFailure& failure, const RoutingSettings& settings,
               milliseconds rest, const Now& now) {
    const FailureRule& rule = rule_of(failure.cause);
    if (const auto own = named_by_own(failure)) {
        auto& count = failures.allowed_of[static_cast<std::size_t>(rule.policy)];
        return is_more(count_allowed(count, rest, now), *own);
    }
    if (failure.own != nullptr && failure.own->any) {
        return is_more(count_allowed(failures.allowed, rest, now), *failure.own->any) &&
               failure.company;
    }
    std::optional<int> allowed;
    if (settings.allowed_fails_policy) allowed = settings.allowed_fails_policy->find(rule.policy);
    if (!allowed) allowed = settings.fallbacks.allowed_fails;
    if (allowed && rule.policy != PolicyClass::none) {
        return is_more(count_allowed(failures.allowed, rest, now), *allowed) && failure.company;
    }
    if (rule.rests == Rests::at_once && failure.company) return true;
    if (rule.rests == Rests::in_a_row && failure.company &&
        failures.unreachable_in_row.load(std::memory_order_relaxed) >= kUnreachableInRow) {
        return true;
    }
    return by_share(failures, failure.company, now);
}

}  // namespace

Awake awake(LaneTable& table, LaneIndex lane, const Now& now) {
    const std::int64_t until = table.rest_until(lane).load(std::memory_order_relaxed);
    if (until == 0) return Awake::yes;
    if (until > now.ns()) return Awake::no;
    const std::int64_t probe = table.failures(lane).probe_until.load(std::memory_order_relaxed);
    return probe > now.ns() ? Awake::no : Awake::probe;
}

bool take_probe(LaneTable& table, LaneIndex lane, const Now& now) {
    std::atomic<std::int64_t>& probe = table.failures(lane).probe_until;
    std::int64_t seen = probe.load(std::memory_order_relaxed);
    return seen <= now.ns() && probe.compare_exchange_strong(seen, now.ns() + kLongestProbe.count(),
                                                             std::memory_order_relaxed);
}

void give_back(LaneTable& table, LaneIndex lane) {
    table.failures(lane).probe_until.store(0, std::memory_order_relaxed);
}

milliseconds rest_left(LaneTable& table, LaneIndex lane, const Now& now) {
    const std::int64_t until = table.rest_until(lane).load(std::memory_order_relaxed);
    if (until == 0) return milliseconds(0);
    const std::chrono::nanoseconds left(std::max<std::int64_t>(until - now.ns(), 0));
    return std::chrono::ceil<milliseconds>(left);
}

std::int64_t learn_rest(LaneTable& table, LaneIndex lane, milliseconds left, const Now& now) {
    if (left.count() <= 0) return 0;
    const std::int64_t until =
        now.ns() + std::chrono::nanoseconds(std::min(left, kMostRetryAfter)).count();
    std::atomic<std::int64_t>& rest = table.rest_until(lane);
    std::int64_t known = rest.load(std::memory_order_relaxed);
    do {
        if (known >= until) return 0;
    } while (!rest.compare_exchange_weak(known, until, std::memory_order_relaxed));
    if (known == 0) table.resting().fetch_add(1, std::memory_order_relaxed);
    return until;
}

void note_good(LaneTable& table, LaneIndex lane, const Now& now, bool probe) {
    LaneFailures& failures = table.failures(lane);
    failures.good.add(now.minute(), 1);
    if (failures.unreachable_in_row.load(std::memory_order_relaxed) != 0) {
        failures.unreachable_in_row.store(0, std::memory_order_relaxed);
    }
    if (!probe) return;
    failures.failed_probes.store(0, std::memory_order_relaxed);
    wake(table, lane);
    give_back(table, lane);
}

bool note_failure(LaneTable& table, LaneIndex lane, const LaneFailure& failure,
                  const RoutingSettings& settings, const Now& now) {
    LaneFailures& failures = table.failures(lane);
    const bool clients = rule_of(failure.cause).rests == Rests::never;
    const bool counts = !clients || (named_by_own(failure) && !failure.probe);
    if (!counts || !failure.may_rest) {
        if (failure.probe) give_back(table, lane);
        return false;
    }
    if (!clients) failures.bad.add(now.minute(), 1);
    if (failure.cause == Cause::unreachable) {
        failures.unreachable_in_row.fetch_add(1, std::memory_order_relaxed);
    }
    const bool quota = failure.cause == Cause::quota;
    milliseconds rest = base_rest(failure, settings);
    if (settings.disable_cooldowns || rest.count() == 0 ||
        (!failure.probe && !must_rest(failures, failure, settings, rest, now))) {
        if (failure.probe) give_back(table, lane);
        return false;
    }
    if (failure.probe) {
        const auto probes =
            std::min(failures.failed_probes.fetch_add(1, std::memory_order_relaxed) + 1, 16u);
        rest = std::min(rest * (1 << probes), std::max(rest, quota ? kMostQuotaRest : kMostRest));
    }
    if (failure.retry_after) rest = std::max(rest, std::min(*failure.retry_after, kMostRetryAfter));
    const std::int64_t until = now.ns() + std::chrono::nanoseconds(rest).count();
    if (table.rest_until(lane).exchange(until, std::memory_order_relaxed) == 0) {
        table.resting().fetch_add(1, std::memory_order_relaxed);
    }
    failures.rests.fetch_add(1, std::memory_order_relaxed);
    if (failure.probe) give_back(table, lane);
    return true;
}

}  // namespace patchbay
