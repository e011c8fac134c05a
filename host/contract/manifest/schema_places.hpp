// Where in a JSON Schema (draft 7) schemas stand.
#pragma once

#include <array>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace patchbay {

/// Calls `visit` with `schema`, if it is an object, and with every schema in it, those first whose
/// parents were visited. What is data, such as a default, is no schema. `Value` is a json::value, perhaps const.
template <typename Value, typename Visit>
void for_each_schema(Value& schema, const Visit& visit) {
    static constexpr std::array<std::string_view, 8> kOne{"additionalItems",
                                                          "additionalProperties",
                                                          "contains",
                                                          "else",
                                                          "if",
                                                          "not",
                                                          "propertyNames",
                                                          "then"};
    static constexpr std::array<std::string_view, 3> kLists{"allOf", "anyOf", "oneOf"};
    // "$defs" is what later drafts call "definitions", and pydantic writes.
    static constexpr std::array<std::string_view, 5> kNamed{"$defs", "definitions", "dependencies",
                                                            "patternProperties", "properties"};
    auto* const object = schema.if_object();
    if (object == nullptr) return;
    visit(*object);
    const auto each = [&visit](auto* value) {
        auto* const list = value == nullptr ? nullptr : value->if_array();
        if (list == nullptr) return;
        for (auto& one : *list) for_each_schema(one, visit);
    };
    for (const std::string_view name : kOne) {
        if (auto* const one = object->if_contains(name)) for_each_schema(*one, visit);
    }
    for (const std::string_view name : kLists) each(object->if_contains(name));
    for (const std::string_view name : kNamed) {
        auto* const named = object->if_contains(name);
        auto* const members = named == nullptr ? nullptr : named->if_object();
        if (members == nullptr) continue;
        for (auto& member : *members) for_each_schema(member.value(), visit);
    }
    if (auto* const items = object->if_contains("items")) {
        each(items);
        for_each_schema(*items, visit);
    }
}

}  // namespace patchbay
