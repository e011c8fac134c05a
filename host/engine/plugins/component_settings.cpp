#include "engine/plugins/component_settings.hpp"

#include "config/header_text.hpp"
#include "contract/manifest/schema.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

/// A text that is sent in a header, made fit for it; false if it cannot be.
bool fit(json::value& value) {
    if (!value.is_string()) return true;
    const std::string_view text = without_blank_ends(std::string_view(value.get_string()));
    if (text.size() != value.get_string().size()) value = json::string(text);
    return fits_header(value.get_string());
}

bool is_secret(const json::object& schema, std::string_view member) {
    const auto* properties = schema.if_contains("properties");
    if (properties == nullptr || !properties->is_object()) return false;
    const auto* property = properties->get_object().if_contains(member);
    if (property == nullptr || !property->is_object()) return false;
    const auto* mark = property->get_object().if_contains("x-bay-secret");
    return mark != nullptr && mark->is_bool() && mark->get_bool();
}

std::string joined(const std::vector<std::string>& names, std::string_view between) {
    std::string all;
    for (const std::string& name : names) {
        if (!all.empty()) all += between;
        all += name;
    }
    return all;
}

}  // namespace

json::object component_settings(const ManifestComponent& component, const PluginSettings& settings,
                                const json::object& given, const Environment& environment) {
    json::object merged;
    const auto own = settings.settings.find(component.id);
    if (own != settings.settings.end()) merged = own->second;
    for (const auto& [member, value] : given) merged.insert_or_assign(member, value);
    for (const auto& [member, variables] : component.config_env) {
        if (merged.contains(member)) continue;
        for (const std::string& variable : variables) {
            if (!environment) break;
            const auto value = environment(variable);
            if (!value || value->empty()) continue;
            merged.emplace(member, *value);
            break;
        }
    }
    fill_defaults(component.config_schema, merged);
    return merged;
}

std::string missing_settings(const ManifestComponent& component, const json::object& settings,
                             std::string_view section) {
    const auto* required = component.config_schema.if_contains("required");
    if (required == nullptr || !required->is_array()) return {};
    std::vector<std::string> names;
    std::vector<std::string> members;
    bool variables = false;
    for (const json::value& name : required->get_array()) {
        if (!name.is_string() || settings.contains(name.get_string())) continue;
        const std::string member(name.get_string());
        members.push_back("`" + std::string(section) + member + "`");
        names.push_back(members.back());
        for (const auto& [variable_of, from] : component.config_env) {
            if (variable_of != member || from.empty()) continue;
            names.back() = joined(from, " or ");
            variables = true;
        }
    }
    std::string all = joined(names, " and ");
    if (variables) all += " (or " + joined(members, " and ") + ")";
    return all;
}

void check_headers(const ManifestComponent& component, json::object& settings,
                   const std::function<void(const std::string& pointer)>& wrong) {
    for (auto& [name, value] : settings) {
        const std::string pointer = "/" + std::string(name);
        if (is_secret(component.config_schema, name)) {
            if (!fit(value)) wrong(pointer);
        } else if (name == "headers" && value.is_object()) {
            for (auto& [header, text] : value.get_object()) {
                if (!fit(text) || !fits_header(header)) wrong(pointer);
            }
        }
    }
}

}  // namespace patchbay
