#include "engine/world/operation_limits.hpp"

#include <algorithm>
#include <array>

#include "engine/world/wildcard.hpp"

namespace patchbay {

namespace {

bool any_matches(const std::vector<std::string>& patterns, std::string_view name) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return match_wildcard(pattern, name).has_value();
    });
}

std::string_view base_model_of(const DeploymentConfig& entry) {
    for (const auto* place : {&entry.params, &entry.model_info}) {
        const auto* base = place->if_contains("base_model");
        if (base && base->is_string()) return base->get_string();
    }
    return {};
}

}  // namespace

bool is_for(const ManifestModels& models, std::string_view model, std::string_view base) {
    if (any_matches(models.except, model)) return false;
    return any_matches(models.match, model) || (!base.empty() && any_matches(models.match, base));
}

bool may_ask(const Deployment& deployment, const Operation& operation, std::string_view called) {
    if ((deployment.operations & operation.bit) == 0) return false;
    return std::none_of(deployment.limits.begin(), deployment.limits.end(), [&](const auto& limit) {
        return limit.bit == operation.bit && !is_for(limit.models, called);
    });
}

void limit_operations(const DeploymentConfig& entry, const ProviderRow& row,
                      Deployment& deployment) {
    for (const auto& [id, models] : row.limits()) {
        const std::uint32_t bit = operation_bits(std::array{id});
        if (deployment.is_pattern()) {
            deployment.limits.push_back({bit, models});
        } else if (!is_for(models, deployment.model, base_model_of(entry))) {
            deployment.operations &= ~bit;
        }
    }
}

}  // namespace patchbay
