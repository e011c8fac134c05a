#include "engine/access/key_terms.hpp"

#include <algorithm>

#include "config/config.hpp"
#include "config/priority_settings.hpp"

namespace patchbay::access {

namespace {

void take_smaller(std::optional<std::int64_t>& rate, const std::optional<std::int64_t>& other) {
    if (other) rate = std::min(rate.value_or(*other), *other);
}

}  // namespace

KeyTerms key_terms(const Config& config) {
    KeyTerms terms;
    terms.user_budget_in_teams = config.general.apply_user_budget_to_team_keys;
    if (const auto& settings = config.litellm.priorities) {
        for (const PriorityShare& share : settings->shares) terms.priorities.insert(share.priority);
    }
    for (const DeploymentConfig& deployment : config.model_list) {
        if (!deployment.key_rpm && !deployment.key_tpm) continue;
        ModelRates& rates = terms.rates[deployment.model_name];
        take_smaller(rates.rpm, deployment.key_rpm);
        take_smaller(rates.tpm, deployment.key_tpm);
    }
    return terms;
}

}  // namespace patchbay::access
