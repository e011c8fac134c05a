#include "gateway/models_page.hpp"

#include <algorithm>
#include <iterator>

#include <boost/json.hpp>

#include "contract/http/query.hpp"
#include "engine/access/model_access.hpp"
#include "engine/router/router.hpp"
#include "engine/world/listed_models.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

// OpenAI's `created` of a model tells when it was made; a gateway cannot know. LiteLLM answers this
// constant.
constexpr std::int64_t kCreated = 1677610602;
constexpr std::string_view kCreatedAt = "2023-02-28T18:56:42Z";  // the same moment

json::value count_or_null(std::int64_t count) {
    return count > 0 ? json::value(count) : json::value(nullptr);
}

// Anthropic's members, and LiteLLM's limits.
json::object anthropic_entry(const ListedModel& model) {
    return {{"type", "model"},
            {"id", model.id},
            {"display_name", model.id},
            {"created_at", kCreatedAt},
            {"max_input_tokens", count_or_null(model.max_input_tokens)},
            {"max_tokens", count_or_null(model.max_output_tokens)}};
}

// https://ai.google.dev/api/models
json::object google_entry(const ListedModel& model) {
    json::object entry{{"name", "models/" + model.id}, {"displayName", model.id}};
    if (model.max_input_tokens > 0) entry["inputTokenLimit"] = model.max_input_tokens;
    if (model.max_output_tokens > 0) entry["outputTokenLimit"] = model.max_output_tokens;
    // What the gateway has of that API, for models that can be asked in it.
    entry["supportedGenerationMethods"] = json::array();
    if (model.mode.empty() || model.mode == "chat" || model.mode == "responses") {
        entry["supportedGenerationMethods"] = {"generateContent", "countTokens"};
    }
    return entry;
}

json::object entry_of(const ListedModel& model, ModelsOf words) {
    if (words == ModelsOf::anthropic) return anthropic_entry(model);
    if (words == ModelsOf::google) return google_entry(model);
    json::object entry{
        {"id", model.id}, {"object", "model"}, {"created", kCreated}, {"owned_by", "openai"}};
    if (!model.mode.empty()) entry["mode"] = model.mode;
    if (model.max_input_tokens > 0) entry["max_input_tokens"] = model.max_input_tokens;
    if (model.max_output_tokens > 0) entry["max_output_tokens"] = model.max_output_tokens;
    return entry;
}

bool may_use(const Snapshot& snapshot, const access::Principal& principal, const std::string& id) {
    const auto route = resolve_model(snapshot, id, "/models");
    return !(route ? access::check_model(principal, *route->group, id)
                   : access::check_unknown_model(principal, id));
}

std::vector<ListedModel>::const_iterator find(const std::vector<ListedModel>& models,
                                              std::string_view id) {
    return std::find_if(models.begin(), models.end(),
                        [id](const ListedModel& model) { return model.id == id; });
}

ListedModel known_or_named(const std::vector<ListedModel>& all, std::string_view known,
                           const std::string& id) {
    const auto found = find(all, known);
    ListedModel model = found == all.end() ? ListedModel{} : *found;
    model.id = id;
    return model;
}

bool is_access_group(const Snapshot& snapshot, std::string_view name) {
    return std::any_of(
        snapshot.deployments.begin(), snapshot.deployments.end(), [&](const auto& deployment) {
            const auto* const groups = deployment->info_given.if_contains("access_groups");
            if (!groups || !groups->is_array()) return false;
            const json::array& names = groups->get_array();
            return std::find(names.begin(), names.end(), json::value(name)) != names.end();
        });
}

// Models of patterns that a list has by their names, which the catalogue need not know.
void add_named(const Snapshot& snapshot, const access::Principal& principal,
               const std::vector<ListedModel>& all, std::vector<ListedModel>& models) {
    for (const auto& [of, list] : principal.models) {
        for (const std::string& name : list.names) {
            if (find(models, name) != models.end() || is_access_group(snapshot, name)) continue;
            const auto route = resolve_model(snapshot, name, "/models");
            if (!route || route->captures.empty() || !may_use(snapshot, principal, name)) continue;
            models.push_back(known_or_named(all, name, name));
        }
    }
}

// Of the key and its team, for models that there are: what is known of the model, by the other name.
void add_aliases(const Snapshot& snapshot, const access::Principal& principal,
                 const std::vector<ListedModel>& all, std::vector<ListedModel>& models) {
    for (const auto& [name, alias] : principal.aliases) {
        if (find(models, name) != models.end()) continue;
        if (!resolve_model(snapshot, alias.model, "/models")) continue;
        if (!alias.of_team && !may_use(snapshot, principal, alias.model)) continue;
        models.push_back(known_or_named(all, alias.model, name));
    }
}

// What the principal may use; all for none.
std::vector<ListedModel> listed_for(const Snapshot& snapshot, bool patterns,
                                    const access::Principal* principal) {
    auto all = listed_models(snapshot, patterns);
    if (!principal) return all;
    std::vector<ListedModel> models;
    std::copy_if(all.begin(), all.end(), std::back_inserter(models),
                 [&](const ListedModel& model) { return may_use(snapshot, *principal, model.id); });
    add_named(snapshot, *principal, all, models);
    add_aliases(snapshot, *principal, all, models);
    return models;
}

bool asks_for(std::string_view query, std::string_view what) {
    const auto value = http::query_value(query, what);
    return value && (*value == "true" || *value == "True");
}

json::array fallbacks_of(const Snapshot& snapshot, const std::string& model) {
    const auto& general = snapshot.config.router.routing.fallbacks.general;
    const auto found = general.find(model);
    if (found == general.end()) return {};
    return json::array(found->second.begin(), found->second.end());
}

}  // namespace

Page models_page(const Snapshot& snapshot, std::string_view query, ModelsOf words,
                 const access::Principal* principal) {
    const auto models = listed_for(snapshot, asks_for(query, "return_wildcard_routes"), principal);
    const bool metadata = words == ModelsOf::openai && asks_for(query, "include_metadata");
    json::array data;
    for (const ListedModel& model : models) {
        json::object entry = entry_of(model, words);
        if (metadata) entry["metadata"] = {{"fallbacks", fallbacks_of(snapshot, model.id)}};
        data.push_back(std::move(entry));
    }
    json::object list;
    list[words == ModelsOf::google ? "models" : "data"] = std::move(data);
    if (words == ModelsOf::openai) list["object"] = "list";
    if (words == ModelsOf::anthropic) {
        list["has_more"] = false;
        list["first_id"] = models.empty() ? json::value(nullptr) : json::value(models.front().id);
        list["last_id"] = models.empty() ? json::value(nullptr) : json::value(models.back().id);
    }
    Page page;
    page.body = json::serialize(list);
    return page;
}

Result<Page> model_page(const Snapshot& snapshot, std::string_view id, ModelsOf words,
                        const access::Principal* principal) {
    const auto models = listed_for(snapshot, false, principal);
    const auto found = find(models, id);
    if (found == models.end()) {
        Error error;
        error.cls = ErrorClass::not_found;
        error.type = "invalid_request_error";
        error.param = "model";
        error.message = "The model `" + std::string(id) + "` does not exist or is not accessible";
        return error;
    }
    Page page;
    page.body = json::serialize(entry_of(*found, words));
    return page;
}

}  // namespace patchbay::gateway
