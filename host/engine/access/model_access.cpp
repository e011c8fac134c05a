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

bool in_access_group(const ModelList& list, const Deployment& deployment) {
    const boost::json::value* const groups = deployment.info_given.if_contains("access_groups");
    if (!groups || !groups->is_array()) return false;
    const auto& names = groups->get_array();
    return std::any_of(names.begin(), names.end(), [&](const auto& name) {
        return name.is_string() && has_name(list, name.get_string());
    });
}

// Who may use some of a routing group's models may not use the others by its name.
bool in_access_group(const ModelList& list, const ModelGroup& group) {
    const auto& all = group.deployments;
    const auto is_in = [&](const Deployment* one) { return in_access_group(list, *one); };
    if (group.routing) return !all.empty() && std::all_of(all.begin(), all.end(), is_in);
    return std::any_of(all.begin(), all.end(), is_in);
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
    return group.deployments.empty() || group.routing
               ? std::string_view(group.name)
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
