// SPDX-License-Identifier: Apache-2.0
#include "json.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

namespace patchbay::anthropic {

const json::value* find(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

json::value* find(json::object& object, std::string_view name) {
    auto* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

const json::object* find_object(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && !json_tree::is_number_text(*value) ? value->if_object() : nullptr;
}

const json::array* find_array(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value ? value->if_array() : nullptr;
}

std::string_view text(const json::object& object, std::string_view name,
                      std::string_view fallback) {
    const auto* value = object.if_contains(name);
    const auto* string = value ? value->if_string() : nullptr;
    return string ? std::string_view(string->data(), string->size()) : fallback;
}

std::uint64_t count(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return 0;
    if (const auto* number = value->if_uint64()) return *number;
    const auto* number = value->if_int64();
    return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

bool is_number(const json::value& value) {
    return json_tree::is_number(value);
}

std::optional<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
    auto tree = json_tree::read(text, std::move(storage));
    if (!tree) return std::nullopt;
    return std::move(tree.value);
}

std::string to_text(const json::value& value) {
    return json_tree::write(value);
}

}  // namespace patchbay::anthropic
