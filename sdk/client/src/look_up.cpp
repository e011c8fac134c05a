#include "look_up.hpp"

#include "engine/models/catalogue.hpp"
#include "engine/world/provider_name.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::client {

namespace json = boost::json;

namespace {

std::string_view text(const json::object& about, std::string_view name) {
    const json::value* value = about.if_contains(name);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

json::array list_of(const std::vector<std::string>& names) {
    json::array list;
    for (const std::string& name : names) list.emplace_back(name);
    return list;
}

void describe(const ProviderRow& row, json::object& out) {
    out["api_base"] = row.base_url;
    out["api_key_env"] = list_of(row.api_key_env);
    out["api_base_env"] = list_of(row.api_base_env);
    out["operations"] = list_of(row.spoken());
}

json::value provider(const Snapshot& world, const json::object& about) {
    const ProviderModel found =
        provider_of(text(about, "model"), text(about, "custom_llm_provider"),
                    text(about, "api_base"), *world.plugins);
    json::object out;
    if (found.provider.empty()) return out;
    out["provider"] = found.provider;
    out["model"] = found.model;
    out["served"] = found.row != nullptr;
    if (found.row != nullptr) describe(*found.row, out);
    return out;
}

json::value model(const Snapshot& world, const json::object& about) {
    const ProviderModel found =
        provider_of(text(about, "model"), text(about, "custom_llm_provider"), {}, *world.plugins);
    return model_info_of({}, found.provider, found.model).to_json();
}

json::value models(const Snapshot& world, const json::object&) {
    return list_of(world.listed);
}

json::value providers(const Snapshot& world, const json::object&) {
    json::array list;
    for (const auto& [prefix, row] : world.plugins->providers()) {
        json::object one{{"provider", prefix}};
        describe(row, one);
        list.push_back(std::move(one));
    }
    return list;
}

struct Question {
    std::string_view what;
    json::value (*answer)(const Snapshot&, const json::object&);
};
constexpr Question kQuestions[] = {
    {"provider", provider}, {"model", model}, {"models", models}, {"providers", providers}};

}  // namespace

bay_status look_up(const Snapshot& world, std::string_view what, std::string_view about,
                   std::string& out) {
    json_tree::Tree tree = json_tree::read(about.empty() ? "{}" : about);
    if (!tree || !tree.value.is_object()) return BAY_E_INVALID;
    json_tree::make_utf8(tree.value);
    for (const Question& question : kQuestions) {
        if (question.what != what) continue;
        out = json_tree::write(question.answer(world, tree.value.get_object()));
        return BAY_OK;
    }
    return BAY_E_UNSUPPORTED;
}

}  // namespace patchbay::client
