#include "engine/access/model_access.hpp"

#include <algorithm>

#include "engine/access/refusals.hpp"
#include "engine/world/provider_name.hpp"
#include "engine/world/wildcard.hpp"

namespace patchbay::access {

namespace {

bool has_name(const ModelList& list, std::string_view name) {
    const auto found = std::lower_bound(list.names.begin(), list.names.end(), name);
    return found != list.names.end() && *found == name;
}

bool in_access_group(const ModelList& list, const ModelGroup& group) {
    for (const Deployment* deployment : group.deployments) {
        const boost::json::value* const groups =
            deployment->info_given.if_contains("access_groups");
        if (!groups || !groups->is_array()) continue;
        for (const auto& name : groups->get_array()) {
            if (name.is_string() && has_name(list, name.get_string())) return true;
        }
    }
    return false;
}

bool matches(const ModelList& list, std::string_view name) {
    return std::any_of(list.patterns.begin(), list.patterns.end(), [&](const std::string& pattern) {
        return pattern == name || match_wildcard(pattern, name).has_value();
    });
}

bool matches_of_provider(const ModelList& list, std::string_view asked) {
    if (list.patterns.empty()) return false;
    const std::string_view provider = provider_of_bare(asked);
    return std::any_of(list.patterns.begin(), list.patterns.end(), [&](const std::string& pattern) {
        return match_wildcard_of(provider, pattern, asked).has_value();
    });
}

}  // namespace

std::string_view model_name(const ModelGroup& group) {
    return group.deployments.empty() ? std::string_view(group.name)
                                     : std::string_view(group.deployments.front()->group);
}

bool holds(const ModelList& list, const ModelGroup& group, std::string_view asked) {
    if (list.all) return true;
    const std::string_view name = model_name(group);
    return has_name(list, asked) || has_name(list, name) || in_access_group(list, group) ||
           matches(list, asked) || matches(list, name) || matches_of_provider(list, asked);
}

std::optional<Error> check_model(const Principal& principal, const ModelGroup& group,
                                 std::string_view asked) {
    if (principal.admin) return std::nullopt;
    for (const auto& [of, list] : principal.models) {
        if (!holds(list, group, asked)) return model_denied(principal, of, list, asked);
    }
    return std::nullopt;
}

std::optional<Error> check_unknown_model(const Principal& principal, std::string_view asked) {
    return check_model(principal, ModelGroup{std::string(asked)}, asked);
}

}  // namespace patchbay::access
