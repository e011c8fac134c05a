// Budgets of providers (`provider_budget_config`), deployments (`max_budget`) and all of them (`litellm_settings.max_budget`):
// routing leaves out what is over one.
//
// They belong to the process and outlive a reload, as lanes do. What the books say was spent before is added when
// somebody has read it (seed()). One of which nobody could say it lets nobody in until somebody can, as a key that cannot be
// looked up does not. Where there are no books they begin at nothing.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "engine/meter/allowance.hpp"

namespace patchbay {

struct RouteBudget {
    explicit RouteBudget(std::string name) : counter(std::move(name)) {}

    const std::string
        counter;  ///< of the books: "provider:openai", "deployment:ID", "proxy" (ledger_counters.hpp)
    meter::Allowance allowance;
    /// What was spent before its limit was set has been added, or nobody counts it: it may be shared.
    std::atomic<bool> settled{false};
    /// What was spent before is in books that could not be read yet.
    std::atomic<bool> unknown{false};
};

class RouteBudgets {
  public:
    /// Nano-dollars that a counter has in the period of a duration that is under way; nullopt: nobody can say.
    using SpentOf = std::function<std::optional<std::int64_t>(const std::string& counter,
                                                              const store::BudgetDuration&)>;

    /// The budget of this counter, without a limit as long as nobody gives it one. Any thread.
    std::shared_ptr<RouteBudget> hold(const std::string& counter);
    /// The limits from now on, by counter; what is not there has none. One thread at a time. `now_us`:
    /// microseconds since 1970.
    struct Limit {
        std::int64_t max_nano = 0;
        store::BudgetDuration duration;
        bool operator==(const Limit&) const = default;
    };
    using Limits = std::map<std::string, Limit, std::less<>>;
    void limit(const Limits& limits, std::int64_t now_us);
    /// Adds what was spent before to those that have not been seeded since their period was set. False: nobody
    /// could say of some, which are unknown until it is called again.
    bool seed(const SpentOf& spent, std::int64_t now_us);

    /// All but those that are unknown may be shared with other gateways from now on.
    void settle();

    /// Is there a limit at all? One load.
    bool any() const { return any_.load(std::memory_order_relaxed); }
    /// Each that has a limit, with it.
    template <class Take>
    void each(Take take) const {
        const std::lock_guard lock(mutex_);
        for (const auto& [counter, limit] : limits_) take(*budgets_.at(counter), limit);
    }

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<RouteBudget>, std::less<>> budgets_;
    Limits limits_, seeded_;
    std::atomic<bool> any_{false};
};

}  // namespace patchbay
