#include "engine/access/party_terms.hpp"

#include "config/config.hpp"

namespace patchbay::access {

PartyTerms party_terms(const LitellmSettings& settings) {
    const BudgetSettings& budgets = settings.budgets;
    PartyTerms terms;
    terms.validate_customers = settings.validate_customers;
    store::PartyDefaults& defaults = terms.defaults;
    defaults.customer_nano = budgets.max_end_user_nano;
    defaults.budget_id = budgets.max_end_user_budget_id;
    for (const auto& [tag, budget] : budgets.tags) {
        // The loader has checked the duration.
        const auto duration = store::read_budget_duration(budget.duration);
        defaults.tags[tag] = {budget.max_nano, duration.value_or(store::BudgetDuration{})};
    }
    return terms;
}

}  // namespace patchbay::access
