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
        const auto sum = spent(counter, limit.duration);
        all = all && sum;
        if (!sum) continue;
        budgets_.at(counter)->allowance.load(record_of(limit, *sum, now_us));
        seeded_[counter] = limit;
    }
    return all;
}

void RouteBudgets::settle() {
    const std::lock_guard lock(mutex_);
    for (const auto& [counter, limit] : limits_) budgets_.at(counter)->settled = true;
}

}  // namespace patchbay
