// SPDX-License-Identifier: Apache-2.0
#include "json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace patchbay::anthropic {

namespace {

bool holds_double(const json::value& value) {
    switch (value.kind()) {
        case json::kind::double_:
            return true;
        case json::kind::array:
            return std::any_of(value.get_array().begin(), value.get_array().end(), holds_double);
        case json::kind::object:
            return std::any_of(value.get_object().begin(), value.get_object().end(),
                               [](const auto& member) { return holds_double(member.value()); });
        default:
            return false;
    }
}

void append_double(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    const std::string_view written(digits, static_cast<std::size_t>(end - digits));
    out += written;
    if (written.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append(std::string& out, const json::value& value) {
    if (const auto* number = value.if_double()) {
        append_double(out, *number);
    } else if (const auto* array = value.if_array()) {
        char separator = '[';
        for (const auto& element : *array) {
            out += std::exchange(separator, ',');
            append(out, element);
        }
        out += array->empty() ? "[]" : "]";
    } else if (const auto* object = value.if_object()) {
        char separator = '{';
        for (const auto& member : *object) {
            out += std::exchange(separator, ',');
            out += json::serialize(member.key());
            out += ':';
            append(out, member.value());
        }
        out += object->empty() ? "{}" : "}";
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

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
    return value ? value->if_object() : nullptr;
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

boost::system::result<json::value> parse_json(std::string_view text, json::storage_ptr storage) {
    json::parse_options options;
    options.max_depth = 256;
    json::error_code error;
    auto value = json::parse(text, error, std::move(storage), options);
    if (error) return error;
    return value;
}

std::string to_text(const json::value& value) {
    if (!holds_double(value)) return json::serialize(value);
    std::string out;
    append(out, value);
    return out;
}

}  // namespace patchbay::anthropic
