#include "engine/access/party_defaults.hpp"

namespace patchbay::access {

store::PartyDefaults party_defaults(const BudgetSettings& settings) {
    store::PartyDefaults defaults;
    defaults.customer_nano = settings.max_end_user_nano;
    defaults.budget_id = settings.max_end_user_budget_id;
    for (const auto& [tag, budget] : settings.tags) {
        // The loader has checked the duration.
        const auto duration = store::read_budget_duration(budget.duration);
        defaults.tags[tag] = {budget.max_nano, duration.value_or(store::BudgetDuration{})};
    }
    return defaults;
}

}  // namespace patchbay::access
