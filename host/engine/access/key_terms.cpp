#include "engine/access/key_terms.hpp"

#include <algorithm>

#include "config/config.hpp"
#include "config/priority_settings.hpp"
#include "config/routing_group.hpp"

namespace patchbay::access {

namespace {

void take_smaller(std::optional<std::int64_t>& rate, const std::optional<std::int64_t>& other) {
    if (other) rate = std::min(rate.value_or(*other), *other);
}

// Who calls a routing group may be sent to the model with the smallest rate.
void add_routing_groups(const RouterSettings& router, KeyTerms& terms) {
    for (const RoutingGroup& group : routing_groups(router)) {
        ModelRates least;
        for (const PlacedText& model : group.models) {
            const auto found = terms.rates.find(model.text);
            if (found == terms.rates.end()) continue;
            take_smaller(least.rpm, found->second.rpm);
            take_smaller(least.tpm, found->second.tpm);
        }
        if (least.rpm || least.tpm) terms.rates.try_emplace(group.name, least);
    }
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
    add_routing_groups(config.router, terms);
    return terms;
}

}  // namespace patchbay::access
