#include "engine/surface/hub/tool_schema.hpp"

#include <algorithm>
#include <array>

namespace patchbay::surface {

namespace {

// What is below these are values, not schemas.
constexpr std::array<std::string_view, 4> kValues{"enum", "const", "default", "examples"};
// What is below these are schemas by name.
constexpr std::array<std::string_view, 3> kMaps{"properties", "$defs", "definitions"};

template <class Names>
bool is_among(std::string_view name, const Names& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_required(const json::object& schema, std::string_view property) {
    const auto* required = find_array(schema, "required");
    return required &&
           std::any_of(required->begin(), required->end(), [&](const json::value& name) {
               return name.is_string() && view(name.get_string()) == property;
           });
}

bool closes_itself(const json::object& schema) {
    const auto* properties = find_object(schema, "properties");
    if (!properties && text(schema, "type") != "object") return true;
    const auto* others = find(schema, "additionalProperties");
    if (!others || !others->is_bool() || others->get_bool()) return false;
    return !properties || std::all_of(properties->begin(), properties->end(), [&](const auto& own) {
        return is_required(schema, own.key());
    });
}

bool are_strict(const json::object& schemas) {
    return std::all_of(schemas.begin(), schemas.end(),
                       [](const auto& member) { return is_strict_schema(member.value()); });
}

}  // namespace

json::object object_schema(const json::object& schema) {
    json::object object = schema;
    object.insert({{"type", "object"}, {"properties", json::object()}});
    return object;
}

bool is_strict_schema(const json::value& value) {
    if (const auto* list = value.if_array()) {
        return std::all_of(list->begin(), list->end(), is_strict_schema);
    }
    const auto* schema = as_object(&value);
    if (!schema) return true;
    return closes_itself(*schema) &&
           std::all_of(schema->begin(), schema->end(), [](const auto& member) {
               if (is_among(member.key(), kValues)) return true;
               const auto* map =
                   is_among(member.key(), kMaps) ? as_object(&member.value()) : nullptr;
               return map ? are_strict(*map) : is_strict_schema(member.value());
           });
}

}  // namespace patchbay::surface
