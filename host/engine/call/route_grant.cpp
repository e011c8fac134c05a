#include "engine/call/route_grant.hpp"

#include <algorithm>

#include "engine/access/refusals.hpp"
#include "engine/call/worst_case.hpp"
#include "engine/coarse_clock.hpp"
#include "engine/router/routing_errors.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay {

namespace {

using meter::Allowance;

// "Exceeded budget for provider openai: 0.1 >= 0.05".
std::string words_of(const RouteBudget& budget, const Deployment& deployment, std::int64_t now) {
    const bool provider = budget.counter.starts_with("provider:");
    std::string text = "Exceeded budget for ";
    if (budget.counter == store::kProxyCounter) {
        text.append("this gateway");
    } else if (provider) {
        text.append("provider ").append(deployment.provider);
    } else {
        text.append("deployment model_name: ").append(deployment.group);
        text.append(", litellm_params.model: ").append(deployment.configured);
        text.append(", model_id: ").append(deployment.id);
    }
    text.append(": ").append(meter::dollars(budget.allowance.spent()).view());
    return text.append(" >= ").append(meter::dollars(budget.allowance.limit(now)).view());
}

std::string unknown_words(const RouteBudget& budget) {
    return "What was spent of the budget of " + budget.counter +
           " before is not known, as the database does not answer";
}

}  // namespace

std::optional<Error> proxy_budget_exceeded(const ModelGroup& group) {
    if (group.deployments.empty()) return std::nullopt;
    const std::int64_t now = coarse_unix_us();
    for (const auto& budget : group.deployments.front()->budgets) {
        if (budget->counter != store::kProxyCounter) continue;
        const Allowance& allowance = budget->allowance;
        if (budget->unknown) return spent_unknown(unknown_words(*budget));
        if (!allowance.hard() || allowance.spent(now) < allowance.limit(now)) return std::nullopt;
        return access::all_budget_exceeded(allowance.spent(now), allowance.limit(now));
    }
    return std::nullopt;
}

RouteGrant::~RouteGrant() {
    for (const Held& held : held_)
        held.budget->allowance.settle(held.most, held.how, 0, coarse_unix_us());
}

void RouteGrant::give_back(int attempt, std::int64_t now) {
    const auto its = [&](const Held& held) { return held.attempt == attempt; };
    for (const Held& held : held_) {
        if (its(held)) held.budget->allowance.settle(held.most, held.how, 0, now);
    }
    held_.erase(std::remove_if(held_.begin(), held_.end(), its), held_.end());
}

bool RouteGrant::take(const Deployment& deployment, std::string_view called, int attempt) {
    if (deployment.budgets.empty()) return true;
    const std::int64_t now = coarse_unix_us();
    const meter::Amount most = most_of(deployment, called, size_);
    // Whoever was picked for it before was not asked after all.
    give_back(attempt, now);
    if (unknown(deployment)) return false;
    for (const auto& budget : deployment.budgets) {
        const Allowance::Verdict how = budget->allowance.reserve(most, now);
        if (how == Allowance::Verdict::in || how == Allowance::Verdict::closer) {
            held_.push_back({budget.get(), deployment.id, attempt, most, how});
            continue;
        }
        give_back(attempt, now);
        return false;
    }
    return true;
}

bool RouteGrant::unknown(const Deployment& deployment) const {
    const auto& budgets = deployment.budgets;
    return std::any_of(budgets.begin(), budgets.end(),
                       [](const auto& budget) { return budget->unknown.load(); });
}

std::string RouteGrant::refused(const Deployment& deployment) const {
    const std::int64_t now = coarse_unix_us();
    std::string reserved;
    for (const auto& budget : deployment.budgets) {
        const Allowance& allowance = budget->allowance;
        if (!allowance.hard()) continue;
        if (budget->unknown) return unknown_words(*budget);
        if (allowance.spent(now) >= allowance.limit(now)) return words_of(*budget, deployment, now);
        reserved = "What is left of the budget of " + budget->counter +
                   " is reserved by calls that are under way";
    }
    return reserved;
}

// Of two attempts at once the account has no order, but each has its deployment. Attempts at one deployment hold the same
// budgets, so which is which does not matter. What lost a race was nobody's answer, but its provider takes its price.
void RouteGrant::settle_one(const UsageAccount::Attempt& attempt, std::int64_t now) {
    const auto first = std::find_if(held_.begin(), held_.end(), [&](const Held& held) {
        return held.deployment == attempt.deployment->id;
    });
    if (first == held_.end()) return;
    const int number = first->attempt;
    const meter::Amount charge = attempt.lost ? attempt.cost.cost : attempt.cost.charge;
    const auto its = [&](const Held& held) { return held.attempt == number; };
    for (const Held& held : held_) {
        if (its(held)) held.budget->allowance.settle(held.most, held.how, charge, now);
    }
    held_.erase(std::remove_if(held_.begin(), held_.end(), its), held_.end());
}

void RouteGrant::settle(const UsageAccount& account, std::int64_t now) {
    for (const auto& one : account.earlier()) settle_one(one, now);
    if (account.last().deployment) settle_one(account.last(), now);
    // Of attempts that never began.
    for (const Held& held : held_) held.budget->allowance.settle(held.most, held.how, 0, now);
    held_.clear();
}

}  // namespace patchbay
