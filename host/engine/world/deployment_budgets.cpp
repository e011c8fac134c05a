#include "engine/world/deployment_budgets.hpp"

#include "contract/unix_time.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay {

namespace {

// The loader has checked the duration.
store::BudgetDuration duration_of(const std::string& text) {
    return store::read_budget_duration(text).value_or(store::BudgetDuration{});
}

}  // namespace

void DeploymentBudgets::add(const DeploymentConfig& entry, Deployment& deployment) {
    if (config_.litellm.budgets.proxy.max_nano > 0) {
        deployment.budgets.push_back(budgets_->hold(std::string(store::kProxyCounter)));
    }
    if (config_.router.provider_budgets.contains(deployment.provider)) {
        deployment.budgets.push_back(
            budgets_->hold(store::counters::of_provider(deployment.provider)));
    }
    if (!entry.max_budget_nano) return;
    const std::string counter = store::counters::of_deployment(deployment.id);
    limits_[counter] = {*entry.max_budget_nano, duration_of(entry.budget_duration)};
    deployment.budgets.push_back(budgets_->hold(counter));
}

void DeploymentBudgets::limit() const {
    RouteBudgets::Limits limits = limits_;
    if (const BudgetConfig& proxy = config_.litellm.budgets.proxy; proxy.max_nano > 0) {
        limits[std::string(store::kProxyCounter)] = {proxy.max_nano, duration_of(proxy.duration)};
    }
    for (const auto& [provider, budget] : config_.router.provider_budgets) {
        limits[store::counters::of_provider(provider)] = {budget.max_nano,
                                                          duration_of(budget.duration)};
    }
    budgets_->limit(limits, unix_us());
}

}  // namespace patchbay
