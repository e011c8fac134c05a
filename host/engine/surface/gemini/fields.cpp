#include "engine/surface/gemini/fields.hpp"

namespace patchbay::surface {

namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

std::string snake_case(std::string_view name) {
    std::string snake;
    for (const char c : name) {
        if (is_upper(c)) snake += '_';
        snake += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return snake;
}

}  // namespace

const json::value* field(const json::object& object, std::string_view name) {
    if (const auto* value = find(object, name)) return value;
    const std::string snake = snake_case(name);
    return snake == name ? nullptr : find(object, snake);
}

const json::object* object_field(const json::object& object, std::string_view name) {
    return as_object(field(object, name));
}

const json::array* array_field(const json::object& object, std::string_view name) {
    const auto* value = field(object, name);
    return value ? value->if_array() : nullptr;
}

std::string_view text_field(const json::object& object, std::string_view name) {
    const auto* value = field(object, name);
    const auto* string = value ? value->if_string() : nullptr;
    return string ? view(*string) : std::string_view();
}

bool flag_field(const json::object& object, std::string_view name) {
    const auto* value = field(object, name);
    return value && value->is_bool() && value->get_bool();
}

std::string camel_case(std::string_view name) {
    std::string camel;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool joint = name[i] == '_' && i > 0 && i + 1 < name.size() && is_lower(name[i + 1]);
        camel += joint ? static_cast<char>(name[++i] - 'a' + 'A') : name[i];
    }
    return camel;
}

}  // namespace patchbay::surface
