#include "schema.hpp"

#include <algorithm>
#include <array>

namespace patchbay::google {

namespace {

bool is_text(const json::value& value) {
    return value.is_string();
}
bool is_any(const json::value&) {
    return true;
}
bool is_texts(const json::value& value) {
    const auto* list = value.if_array();
    return list && std::all_of(list->begin(), list->end(), is_text);
}
bool is_schemas(const json::value& value) {
    const auto* list = value.if_array();
    return list && std::all_of(list->begin(), list->end(), is_google_schema);
}
bool is_properties(const json::value& value) {
    const auto* map = value.if_object();
    return map && !map->empty() && std::all_of(map->begin(), map->end(), [](const auto& property) {
               return is_google_schema(property.value());
           });
}

struct Keyword {
    std::string_view name;
    bool (*fits)(const json::value& value);
};

// Google's reference, "Schema".
constexpr std::array kKeywords{
    Keyword{"type", is_text},
    Keyword{"format", is_text},
    Keyword{"title", is_text},
    Keyword{"description", is_text},
    Keyword{"nullable", is_any},
    Keyword{"enum", is_texts},
    Keyword{"items", is_google_schema},
    Keyword{"minItems", is_any},
    Keyword{"maxItems", is_any},
    Keyword{"properties", is_properties},
    Keyword{"required", is_texts},
    Keyword{"minProperties", is_any},
    Keyword{"maxProperties", is_any},
    Keyword{"minLength", is_any},
    Keyword{"maxLength", is_any},
    Keyword{"pattern", is_text},
    Keyword{"example", is_any},
    Keyword{"anyOf", is_schemas},
    Keyword{"propertyOrdering", is_texts},
    Keyword{"default", is_any},
    Keyword{"minimum", is_any},
    Keyword{"maximum", is_any},
};

}  // namespace

bool is_google_schema(const json::value& schema) {
    const auto* object = schema.if_object();
    if (!object || object->empty()) return false;
    return std::all_of(object->begin(), object->end(), [](const auto& member) {
        const auto* known = std::find_if(
            kKeywords.begin(), kKeywords.end(),
            [&](const Keyword& keyword) { return keyword.name == std::string_view(member.key()); });
        return known != kKeywords.end() && known->fits(member.value());
    });
}

void set_parameters(const json::object& schema, json::object& declaration) {
    const auto* properties = find_object(schema, "properties");
    const bool empty = (!properties || properties->empty()) && !find(schema, "$ref") &&
                       !find(schema, "anyOf") && !find(schema, "oneOf") && !find(schema, "allOf");
    if (empty) return;
    if (is_google_schema(schema)) {
        declaration["parameters"] = schema;
        return;
    }
    json::object exact = schema;
    exact.erase("$schema");
    declaration["parametersJsonSchema"] = std::move(exact);
}

}  // namespace patchbay::google
