#include "engine/lanes/route_budgets.hpp"

namespace patchbay {

namespace {

store::LimitsRecord record_of(const RouteBudgets::Limit& limit, std::int64_t spent,
                              std::int64_t now_us) {
    store::LimitsRecord record;
    record.max_nano = limit.max_nano;
    record.duration = limit.duration;
    record.period = store::period_of(limit.duration, now_us);
    record.spent = spent;
    return record;
}

}  // namespace

std::shared_ptr<RouteBudget> RouteBudgets::hold(const std::string& counter) {
    const std::lock_guard lock(mutex_);
    auto& budget = budgets_[counter];
    if (!budget) budget = std::make_shared<RouteBudget>(counter);
    return budget;
}

void RouteBudgets::limit(const Limits& limits, std::int64_t now_us) {
    const std::lock_guard lock(mutex_);
    for (const auto& [counter, limit] : limits_) {
        if (limits.contains(counter)) continue;
        budgets_.at(counter)->allowance.load({});
        budgets_.at(counter)->unknown = false;
        seeded_.erase(counter);
    }
    for (const auto& [counter, limit] : limits) {
        auto& budget = budgets_[counter];
        if (!budget) budget = std::make_shared<RouteBudget>(counter);
        const auto before = limits_.find(counter);
        if (before == limits_.end() || !(before->second.duration == limit.duration)) {
            budget->settled = false;
        }
        budget->allowance.load(record_of(limit, 0, now_us));
    }
    limits_ = limits;
    any_ = !limits_.empty();
}

bool RouteBudgets::seed(const SpentOf& spent, std::int64_t now_us) {
    const std::lock_guard lock(mutex_);
    bool all = true;
    for (const auto& [counter, limit] : limits_) {
        const auto before = seeded_.find(counter);
        if (before != seeded_.end() && before->second.duration == limit.duration) continue;
        RouteBudget& budget = *budgets_.at(counter);
        const auto sum = spent(counter, limit.duration);
        if (!sum) {
            budget.unknown = true;
            all = false;
            continue;
        }
        // The limit may have been set in the period before.
        (void)budget.allowance.standing(now_us);
        budget.allowance.load(record_of(limit, *sum, now_us));
        budget.unknown = false;
        budget.settled = true;
        seeded_[counter] = limit;
    }
    return all;
}

void RouteBudgets::settle() {
    const std::lock_guard lock(mutex_);
    for (const auto& [counter, limit] : limits_) {
        RouteBudget& budget = *budgets_.at(counter);
        if (!budget.unknown) budget.settled = true;
    }
}

}  // namespace patchbay
