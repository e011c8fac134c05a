#include "engine/plugins/row_settings.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace patchbay {

namespace json = boost::json;

namespace {

/// The texts of a list, or the one text that stands for it.
std::vector<std::string> texts_of(const json::value* value) {
    std::vector<std::string> texts;
    const auto add = [&](const json::value& one) {
        if (one.is_string()) texts.emplace_back(std::string_view(one.get_string()));
    };
    if (value != nullptr && value->is_array()) {
        for (const json::value& one : value->get_array()) add(one);
    } else if (value != nullptr) {
        add(*value);
    }
    return texts;
}

/// `settings_env`; empty if there is none.
const json::object& variables_of(const ProviderRow& row) {
    static const json::object none;
    const auto* value = row.row.if_contains("settings_env");
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

std::optional<std::string> first_of(const std::vector<std::string>& variables,
                                    const Environment& environment) {
    for (const std::string& variable : variables) {
        if (!environment) break;
        auto value = environment(variable);
        if (value && !value->empty()) return value;
    }
    return std::nullopt;
}

/// Calls `part` for what stands between the names in braces, and `name` for these.
template <class Part, class Name>
void walk(std::string_view text, const Part& part, const Name& name) {
    for (;;) {
        const auto open = text.find('{');
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) return part(text);
        part(text.substr(0, open));
        name(std::string(text.substr(open + 1, close - open - 1)));
        text.remove_prefix(close + 1);
    }
}

}  // namespace

std::string own_address(const ProviderRow& row, const Environment& environment) {
    const json::object settings = settings_in(row, environment);
    std::string address;
    bool known = true;
    walk(
        row.base_url, [&](std::string_view part) { address += part; },
        [&](const std::string& name) {
            const auto* value = settings.if_contains(name);
            const auto* text = value != nullptr ? value->if_string() : nullptr;
            known = known && text != nullptr && !text->empty();
            if (known) address += std::string_view(*text);
        });
    return known ? address : std::string();
}

std::vector<std::string> address_variables(const ProviderRow& row) {
    std::vector<std::string> variables = row.api_base_env;
    walk(
        row.base_url, [](std::string_view) {},
        [&](const std::string& name) {
            for (std::string& from : texts_of(variables_of(row).if_contains(name))) {
                variables.push_back(std::move(from));
            }
        });
    return variables;
}

json::object settings_in(const ProviderRow& row, const Environment& environment) {
    json::object settings;
    const auto* given = row.row.if_contains("settings");
    if (given != nullptr && given->is_object()) settings = given->get_object();
    for (const auto& [name, variables] : variables_of(row)) {
        if (const auto value = first_of(texts_of(&variables), environment)) settings[name] = *value;
    }
    return settings;
}

std::vector<std::string> row_egress(const ProviderRow& row) {
    return texts_of(row.row.if_contains("egress"));
}

std::string told_cost_member(const ProviderRow& row) {
    const auto* member = row.row.if_contains("told_cost");
    return member == nullptr ? std::string() : std::string(std::string_view(member->get_string()));
}

json::object row_in(const ProviderRow& row, const Environment& environment) {
    json::object made = row.row;
    if (made.contains("base_url")) made["base_url"] = own_address(row, environment);
    if (!variables_of(row).empty()) made["settings"] = settings_in(row, environment);
    return made;
}

}  // namespace patchbay
