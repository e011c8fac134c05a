#include "look_up.hpp"

#include "contract/manifest/schema.hpp"
#include "contract/shape/text_size.hpp"
#include "engine/models/embedded.hpp"
#include "engine/world/provider_name.hpp"
#include "json_members.hpp"
#include "patchbay/json_tree.hpp"
#include "price_questions.hpp"
#include "routing_questions.hpp"

namespace patchbay::client {

namespace json = boost::json;

namespace {

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
        provider_of(text_member(about, "model"), text_member(about, "custom_llm_provider"),
                    text_member(about, "api_base"), *world.plugins);
    json::object out;
    const bool known = found.found != ProviderModel::Found::not_known;
    if (found.provider.empty() || !known) return out;
    out["provider"] = found.provider;
    out["model"] = found.model;
    out["served"] = found.row != nullptr;
    if (found.row != nullptr) describe(*found.row, out);
    return out;
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

json::value tokens(const Snapshot&, const json::object& about) {
    return json::object{{"tokens", estimated_tokens(text_member(about, "text").size())}};
}

json::value catalogue(const Snapshot&, const json::object&) {
    return json::object{{"table", embedded_models()}};
}

json::value schema(const Snapshot&, const json::object& about) {
    const json::object* schema = object_member(about, "schema");
    const json::value* value = about.if_contains("value");
    json::array problems;
    if (schema == nullptr || value == nullptr) return problems;
    for (SchemaProblem& problem : check_against_schema(*schema, *value)) {
        problems.push_back(json::object{{"at", problem.pointer}, {"message", problem.message}});
    }
    return problems;
}

struct Question {
    std::string_view what;
    json::value (*answer)(const Snapshot&, const json::object&);
};
constexpr Question kQuestions[] = {
    {"provider", provider},   {"model", model_facts},          {"models", models},
    {"providers", providers}, {"cost", cost_of_usage},         {"tokens", tokens},
    {"catalogue", catalogue}, {"deployment", next_deployment}, {"schema", schema}};

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
