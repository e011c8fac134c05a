#include "engine/surface/gemini/schema.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/gemini/fields.hpp"

namespace patchbay::surface {

namespace {

json::value of_schema(const json::value& value) {
    const auto* schema = as_object(&value);
    return schema ? json::value(json_schema(*schema)) : value;
}

json::value of_list(const json::value& value) {
    const auto* list = value.if_array();
    if (!list) return value;
    json::array schemas;
    for (const auto& schema : *list) schemas.push_back(of_schema(schema));
    return schemas;
}

json::value of_map(const json::value& value) {
    const auto* map = as_object(&value);
    if (!map) return value;
    json::object schemas;
    for (const auto& [name, schema] : *map) schemas.emplace(name, of_schema(schema));
    return schemas;
}

// Protobuf's JSON has 64-bit numbers as text.
json::value of_count(const json::value& value) {
    const auto* digits = value.if_string();
    const bool number =
        digits && !digits->empty() && digits->size() < 19 &&
        std::all_of(digits->begin(), digits->end(), [](char c) { return c >= '0' && c <= '9'; });
    return number ? json_tree::number_from(view(*digits)) : value;
}

std::string lower(std::string_view name) {
    std::string made(name);
    for (char& c : made) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return made;
}

json::value of_type(const json::value& value) {
    const auto* name = value.if_string();
    if (!name) return value;
    return *name == "TYPE_UNSPECIFIED" ? json::value() : json::value(lower(view(*name)));
}

json::value left_out(const json::value&) {
    return nullptr;
}

json::value of_example(const json::value& value) {
    return json::array{value};
}

struct Member {
    std::string_view name;
    json::value (*write)(const json::value& value);
    std::string_view written{};  ///< if its name is another
};

// Google's reference of the Gemini API, "Schema". What is not here stays as it is.
constexpr std::array kMembers{
    Member{"additionalProperties", of_schema},
    Member{"anyOf", of_list},
    Member{"defs", of_map, "$defs"},
    Member{"example", of_example, "examples"},
    Member{"items", of_schema},
    Member{"maxItems", of_count},
    Member{"maxLength", of_count},
    Member{"maxProperties", of_count},
    Member{"minItems", of_count},
    Member{"minLength", of_count},
    Member{"minProperties", of_count},
    Member{"nullable", left_out},
    Member{"prefixItems", of_list},
    Member{"properties", of_map},
    Member{"propertyOrdering", left_out},
    Member{"ref", [](const json::value& value) { return value; }, "$ref"},
    Member{"type", of_type},
};

void allow_null(json::object& schema) {
    auto* type = schema.if_contains("type");
    if (type && type->is_string()) {
        *type = json::array{*type, "null"};
    } else if (auto* any = schema.if_contains("anyOf"); any && any->is_array()) {
        any->get_array().emplace_back(json::object{{"type", "null"}});
    } else {
        return;
    }
    auto* values = schema.if_contains("enum");
    if (values && values->is_array()) values->get_array().emplace_back(nullptr);
}

}  // namespace

json::object json_schema(const json::object& schema) {
    json::object made;
    for (const auto& [given, value] : schema) {
        const std::string name = camel_case(given);
        const auto* known = std::find_if(kMembers.begin(), kMembers.end(),
                                         [&](const Member& row) { return row.name == name; });
        if (known == kMembers.end()) {
            made.emplace(given, value);
            continue;
        }
        if (value.is_null()) continue;
        auto written = known->write(value);
        const std::string_view as = known->written.empty() ? known->name : known->written;
        if (!written.is_null()) made.insert_or_assign(as, std::move(written));
    }
    if (flag_field(schema, "nullable")) allow_null(made);
    return made;
}

}  // namespace patchbay::surface
