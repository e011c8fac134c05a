#include "engine/surface/hub/tree.hpp"

#include <patchbay/json_tree.hpp>

namespace patchbay::surface {

const json::value* find(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

const json::object* as_object(const json::value* value) {
    return value && !json_tree::is_number_text(*value) ? value->if_object() : nullptr;
}

const json::object* find_object(const json::object& object, std::string_view name) {
    return as_object(object.if_contains(name));
}

const json::array* find_array(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value ? value->if_array() : nullptr;
}

std::string_view text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* string = value ? value->if_string() : nullptr;
    return string ? view(*string) : std::string_view();
}

bool is_true(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

std::uint64_t count(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value) return 0;
    if (const auto* number = value->if_uint64()) return *number;
    const auto* number = value->if_int64();
    return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

}  // namespace patchbay::surface
