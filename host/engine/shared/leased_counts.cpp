#include "engine/shared/leased_counts.hpp"

#include <algorithm>
#include <string_view>

#include "engine/access/key_hash.hpp"

namespace patchbay {

namespace {

using access::Subject;
using meter::first_share;

constexpr std::uint64_t kHour = 3'600;
constexpr std::uint32_t kAhead =
    5;  ///< seconds before a minute begins that a share of it is asked for
constexpr std::uint64_t kGaugeWindow = 0;

// The same at all gateways, and nobody's name.
std::string name_of(std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view part : parts) all.append(part).push_back('\0');
    constexpr std::size_t kDigits = 32;
    return access::hex(access::hash_key(all)).substr(0, kDigits);
}

// A period's end with its duration: a budget whose duration was changed is counted anew.
std::uint64_t window_of(const meter::Allowance::Standing& standing) {
    constexpr std::uint64_t kMix = 0x9e37'79b9'7f4a'7c15;
    const auto seconds = static_cast<std::uint64_t>(standing.duration.seconds);
    const auto months = static_cast<std::uint64_t>(standing.duration.months);
    return static_cast<std::uint64_t>(standing.until) ^ (seconds * kMix) ^ (months * kMix << 7);
}

// What is left at the beginning of a period, and in the one under way.
void share_budget(meter::Allowance& budget, const LeaseTerms& terms, const LeaseNow& now) {
    if (!budget.hard()) return;
    const meter::Amount limit = budget.limit(now.unix_us);
    budget.share(first_share(limit - budget.spent(now.unix_us), terms.nodes),
                 first_share(limit, terms.nodes));
}

// The first that gateways tell of a period is what was spent in it before: not while that is not known.
bool is_settled(const Subject&) {
    return true;
}
bool is_settled(const RouteBudget& budget) {
    return budget.settled;
}

// A budget of a subject, or of a provider or deployment.
template <class Owner, meter::Allowance Owner::*kBudget>
class LeasedBudget final : public SharedCount {
  public:
    LeasedBudget(std::string name, std::weak_ptr<Owner> owner)
        : SharedCount(std::move(name)), owner_(std::move(owner)) {}

    bool gone() const override { return owner_.expired(); }
    void use(const LeaseTerms& terms, const LeaseNow& now) override {
        const auto owner = owner_.lock();
        if (owner && is_settled(*owner)) share_budget((*owner).*kBudget, terms, now);
    }
    std::optional<CountState> look(const LeaseNow& now) override {
        const auto owner = owner_.lock();
        if (!owner || !is_settled(*owner)) return std::nullopt;
        meter::Allowance& budget = (*owner).*kBudget;
        if (!budget.hard() || !budget.shared()) return std::nullopt;
        const auto standing = budget.standing(now.unix_us);
        until_ = standing.until;
        CountState state;
        state.window = window_of(standing);
        state.limit = budget.limit(now.unix_us);
        state.used = standing.own;
        state.held = standing.held;
        state.share = standing.share;
        state.known = standing.spent;
        state.posted = standing.posted;
        state.need = budget.missed();
        state.keep_s = kHour;
        state.wanted = true;
        return state;
    }
    void set_share(std::uint64_t, std::int64_t share) override {
        if (const auto owner = owner_.lock()) ((*owner).*kBudget).set_share(until_, share);
    }
    std::int64_t lower_share(std::uint64_t, std::int64_t share) override {
        const auto owner = owner_.lock();
        return owner ? ((*owner).*kBudget).lower_share(until_, share) : share;
    }
    void hear(std::uint64_t, std::int64_t others, std::int64_t) override {
        const auto owner = owner_.lock();
        if (!owner) return;
        meter::Allowance& budget = (*owner).*kBudget;
        budget.hear(until_, others + budget.own());
    }

  private:
    std::weak_ptr<Owner> owner_;
    std::int64_t until_ = 0;  ///< of the period that was looked at last
};

// A rate of a subject, or of a model's capacity, in the minutes of one parity: the one under way, and the next one ahead of it.
template <class Owner>
class LeasedRate final : public SharedCount {
  public:
    using Limit = std::atomic<std::int64_t> Owner::*;
    using Window = meter::RateWindow Owner::*;

    LeasedRate(std::string name, std::weak_ptr<Owner> of, Limit limit, Window window,
               std::uint32_t parity)
        : SharedCount(std::move(name)),
          of_(std::move(of)),
          limit_(limit),
          window_(window),
          parity_(parity) {}

    bool gone() const override { return of_.expired(); }
    void use(const LeaseTerms& terms, const LeaseNow&) override {
        const auto of = of_.lock();
        if (!of) return;
        ((*of).*window_).share.use(terms.ahead, terms.nodes);
    }
    std::optional<CountState> look(const LeaseNow& now) override {
        const auto of = of_.lock();
        if (!of) return std::nullopt;
        meter::RateWindow& window = (*of).*window_;
        const std::int64_t limit = (*of).*limit_;
        if (limit == Owner::kNone || !window.share.shared()) return std::nullopt;
        const std::uint32_t minute = window.share.minute(now.seconds);
        CountState state;
        state.limit = limit;
        state.window = minute;
        if ((minute & 1) == parity_) {
            state.used = window.used(now.seconds);
            state.known = window.used_by_all(now.seconds);
            if (const std::int64_t missed = window.share.missed(); missed > 0) {
                state.need = std::max(missed, limit / kNeed);
            }
            state.wanted = state.need > 0;
        } else {
            if (window.left(now.seconds) > kAhead || window.used(now.seconds) == 0) {
                return std::nullopt;
            }
            ++state.window;
            state.wanted = true;
        }
        state.share = window.share.share(limit, static_cast<std::uint32_t>(state.window));
        return state;
    }
    void set_share(std::uint64_t window, std::int64_t share) override {
        if (const auto of = of_.lock()) {
            ((*of).*window_).share.set_share(static_cast<std::uint32_t>(window), share);
        }
    }
    // Who takes at this very moment may still have seen the share as it was: one call for each loop.
    std::int64_t lower_share(std::uint64_t window, std::int64_t share) override {
        set_share(window, share);
        return share;
    }
    void hear(std::uint64_t window, std::int64_t others, std::int64_t) override {
        if (const auto of = of_.lock()) {
            ((*of).*window_).share.set_others(static_cast<std::uint32_t>(window), others);
        }
    }

  private:
    static constexpr std::int64_t kNeed =
        64;  ///< where a call is refused at least this part of the limit is wanted

    std::weak_ptr<Owner> of_;
    Limit limit_;
    Window window_;
    std::uint32_t parity_;
};

template <class Owner>
void add_rate(SharedCounts& counts, const std::string& name, const std::shared_ptr<Owner>& owner,
              typename LeasedRate<Owner>::Limit limit, typename LeasedRate<Owner>::Window window) {
    for (const std::uint32_t parity : {0U, 1U}) {
        counts.push_back(std::make_unique<LeasedRate<Owner>>(name, owner, limit, window, parity));
    }
}

// Calls under way.
class LeasedParallel final : public SharedCount {
  public:
    LeasedParallel(std::string name, std::weak_ptr<Subject> of)
        : SharedCount(std::move(name)), of_(std::move(of)) {}

    bool gone() const override { return of_.expired(); }
    void use(const LeaseTerms& terms, const LeaseNow&) override {
        const auto of = of_.lock();
        if (!of || of->parallel == Subject::kNone) return;
        std::int64_t none = Subject::kNone;
        of->parallel_share.compare_exchange_strong(none, first_share(of->parallel, terms.nodes));
    }
    std::optional<CountState> look(const LeaseNow&) override {
        const auto of = of_.lock();
        if (!of || of->parallel == Subject::kNone || of->parallel_share == Subject::kNone) {
            return std::nullopt;
        }
        CountState state;
        state.window = kGaugeWindow;
        state.limit = of->parallel;
        state.used = state.known = std::max<std::int64_t>(of->in_flight, 0);
        state.share = of->parallel_share;
        state.need = of->parallel_missed.exchange(0) > 0 ? 1 : 0;
        state.wanted = true;
        state.gauge = true;
        return state;
    }
    void set_share(std::uint64_t, std::int64_t share) override {
        if (const auto of = of_.lock()) of->parallel_share = share;
    }
    std::int64_t lower_share(std::uint64_t, std::int64_t share) override {
        const auto of = of_.lock();
        if (!of) return share;
        of->parallel_share = share;
        const std::int64_t taken = of->in_flight;
        if (taken > share) of->parallel_share = share = taken;
        return share;
    }
    void hear(std::uint64_t, std::int64_t, std::int64_t) override {}

  private:
    std::weak_ptr<Subject> of_;
};

}  // namespace

SharedCounts leased_counts(const std::shared_ptr<Subject>& subject, bool further, unsigned& have) {
    SharedCounts counts;
    const auto name = [&](std::string_view what) {
        return name_of({what, further ? "further" : "", subject->descriptor, subject->value});
    };
    const auto is_new = [&](Leased kind, bool limited) {
        if (!limited || (have & kind) != 0) return false;
        have |= kind;
        return true;
    };
    if (is_new(kLeasedBudget, subject->budget.hard())) {
        counts.push_back(
            std::make_unique<LeasedBudget<Subject, &Subject::budget>>(name("budget"), subject));
    }
    if (is_new(kLeasedRequests, subject->rpm != Subject::kNone)) {
        add_rate<Subject>(counts, name("rpm"), subject, &Subject::rpm, &Subject::requests);
    }
    if (is_new(kLeasedTokens, subject->tpm != Subject::kNone)) {
        add_rate<Subject>(counts, name("tpm"), subject, &Subject::tpm, &Subject::tokens);
    }
    if (is_new(kLeasedParallel, subject->parallel != Subject::kNone)) {
        counts.push_back(std::make_unique<LeasedParallel>(name("parallel"), subject));
    }
    return counts;
}

SharedCounts leased_counts(const std::shared_ptr<Capacity>& capacity, unsigned& have) {
    SharedCounts counts;
    const auto add = [&](Leased kind, std::string_view what, LeasedRate<Capacity>::Limit limit,
                         LeasedRate<Capacity>::Window window) {
        if ((*capacity).*limit == Capacity::kNone || (have & kind) != 0) return;
        have |= kind;
        add_rate<Capacity>(counts, name_of({what, "capacity", capacity->counter}), capacity, limit,
                           window);
    };
    add(kLeasedRequests, "rpm", &Capacity::rpm, &Capacity::requests);
    add(kLeasedTokens, "tpm", &Capacity::tpm, &Capacity::tokens);
    return counts;
}

std::unique_ptr<SharedCount> leased_count(const std::shared_ptr<RouteBudget>& budget) {
    return std::make_unique<LeasedBudget<RouteBudget, &RouteBudget::allowance>>(
        name_of({"route", budget->counter}), budget);
}

}  // namespace patchbay
