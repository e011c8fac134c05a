#include "engine/world/listed_models.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/world/wildcard.hpp"

namespace patchbay {

namespace {

bool is_pattern(std::string_view name) {
    return name.find('*') != std::string_view::npos;
}

ListedModel of_group(const std::string& name, const ModelGroup* group) {
    ListedModel model{name, {}, 0, 0};
    if (group == nullptr) return model;
    for (const Deployment* d : group->deployments) {
        if (model.mode.empty()) model.mode = d->info.mode;
        model.max_input_tokens = std::max(model.max_input_tokens, d->info.max_input_tokens);
        model.max_output_tokens = std::max(model.max_output_tokens, d->info.max_output_tokens);
    }
    return model;
}

/// What the provider calls the model of a row; empty for a price of a model in one size or quality
/// ("1024-x-1024/gpt-image-1"), which is no model.
std::string_view own_name(const CatalogueModel& row) {
    const std::string_view name = row.name;
    if (name.starts_with(row.provider) && name.substr(row.provider.size()).starts_with('/')) {
        return name.substr(row.provider.size() + 1);
    }
    return name.find('/') == std::string_view::npos ? name : std::string_view{};
}

/// A listed pattern and the models that are found for it.
struct Pattern {
    const ModelGroup* group;
    std::vector<ListedModel> models;

    void take(const CatalogueModel& row, std::string_view model) {
        for (const Deployment* d : group->deployments) {
            if (d->provider != row.provider || !d->is_pattern()) continue;
            const auto captures = match_wildcard(d->model, model);
            if (!captures) continue;
            // "*" takes the name as it comes, and a client of many providers writes the provider.
            std::string id = group->name == "*" ? d->provider + "/" + std::string(model)
                                                : fill_wildcard(group->name, *captures, {});
            if (id.empty() || is_pattern(id)) continue;
            models.push_back(
                {std::move(id), row.mode, row.max_input_tokens, row.max_output_tokens});
            return;
        }
    }
};

std::vector<Pattern> expanded(const Snapshot& snapshot) {
    std::vector<Pattern> patterns;
    for (const ModelGroup& group : snapshot.wildcards) {
        const auto& listed = snapshot.listed;
        if (std::find(listed.begin(), listed.end(), group.name) == listed.end()) continue;
        patterns.push_back({&group, {}});
    }
    if (patterns.empty()) return patterns;
    CatalogueRows rows;
    while (const auto row = rows.next()) {
        const std::string_view model = own_name(*row);
        if (model.empty()) continue;
        for (Pattern& pattern : patterns) pattern.take(*row, model);
    }
    return patterns;
}

}  // namespace

std::vector<ListedModel> listed_models(const Snapshot& snapshot, bool patterns) {
    std::vector<Pattern> found = expanded(snapshot);
    std::vector<ListedModel> models;
    std::unordered_set<std::string> seen;
    const auto add = [&](ListedModel model) {
        if (seen.insert(model.id).second) models.push_back(std::move(model));
    };
    for (const std::string& name : snapshot.listed) {
        if (!is_pattern(name)) {
            const auto group = snapshot.groups.find(name);
            add(of_group(name, group == snapshot.groups.end() ? nullptr : &group->second));
            continue;
        }
        if (patterns) add({name, {}, 0, 0});
        for (Pattern& pattern : found) {
            if (pattern.group->name != name) continue;
            // A name of its own goes before a wildcard, also where it is hidden or left out.
            for (ListedModel& model : pattern.models) {
                if (!snapshot.groups.contains(model.id)) add(std::move(model));
            }
        }
    }
    return models;
}

}  // namespace patchbay
