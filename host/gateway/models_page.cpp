#include "gateway/models_page.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "engine/access/model_access.hpp"
#include "engine/router/router.hpp"
#include "engine/world/listed_models.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

// OpenAI's `created` of a model tells when it was made; a gateway cannot know. LiteLLM answers this
// constant.
constexpr std::int64_t kCreated = 1677610602;

json::object entry_of(const ListedModel& model) {
    json::object entry{
        {"id", model.id}, {"object", "model"}, {"created", kCreated}, {"owned_by", "openai"}};
    if (!model.mode.empty()) entry["mode"] = model.mode;
    if (model.max_input_tokens > 0) entry["max_input_tokens"] = model.max_input_tokens;
    if (model.max_output_tokens > 0) entry["max_output_tokens"] = model.max_output_tokens;
    return entry;
}

// What the principal may use; all for none.
std::vector<ListedModel> listed_for(const Snapshot& snapshot, bool patterns,
                                    const access::Principal* principal) {
    auto models = listed_models(snapshot, patterns);
    if (!principal) return models;
    std::erase_if(models, [&](const ListedModel& model) {
        const auto route = resolve_model(snapshot, model.id, "/models");
        return (route ? access::check_model(*principal, *route->group, model.id)
                      : access::check_unknown_model(*principal, model.id))
            .has_value();
    });
    return models;
}

}  // namespace

Page models_page(const Snapshot& snapshot, std::string_view query,
                 const access::Principal* principal) {
    const bool patterns = query.find("return_wildcard_routes=true") != std::string_view::npos ||
                          query.find("return_wildcard_routes=True") != std::string_view::npos;
    json::array data;
    for (const ListedModel& model : listed_for(snapshot, patterns, principal)) {
        data.push_back(entry_of(model));
    }
    Page page;
    page.body = json::serialize(json::object{{"object", "list"}, {"data", std::move(data)}});
    return page;
}

Result<Page> model_page(const Snapshot& snapshot, std::string_view id,
                        const access::Principal* principal) {
    const auto models = listed_for(snapshot, false, principal);
    const auto found = std::find_if(models.begin(), models.end(),
                                    [id](const ListedModel& model) { return model.id == id; });
    if (found == models.end()) {
        Error error;
        error.cls = ErrorClass::not_found;
        error.type = "invalid_request_error";
        error.param = "model";
        error.message = "The model `" + std::string(id) + "` does not exist or is not accessible";
        return error;
    }
    Page page;
    page.body = json::serialize(entry_of(*found));
    return page;
}

}  // namespace patchbay::gateway
