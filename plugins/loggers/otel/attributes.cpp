#include "attributes.hpp"

#include <cmath>
#include <string>

#include <boost/json/object.hpp>

#include "patchbay/json_tree.hpp"

namespace patchbay::otel {

namespace json = boost::json;

void Attributes::add(std::string_view key, const char* type, json::value value) {
    list_.push_back(json::object{{"key", key}, {"value", json::object{{type, std::move(value)}}}});
}

void Attributes::text(std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, "stringValue", json::value(value));
}

void Attributes::integer(std::string_view key, std::int64_t value) {
    // 64-bit integers are texts in the JSON mapping of Protocol Buffers.
    add(key, "intValue", json::value(std::to_string(value)));
}

void Attributes::texts(std::string_view key, const json::array& values) {
    json::array list;
    for (const json::value& value : values) {
        if (value.is_string()) list.push_back(json::object{{"stringValue", value}});
    }
    if (!list.empty()) add(key, "arrayValue", json::object{{"values", std::move(list)}});
}

void Attributes::any(std::string_view key, const json::value& value) {
    if (const auto* plain = value.if_string()) {
        text(key, std::string_view(plain->data(), plain->size()));
    } else if (value.is_int64()) {
        integer(key, value.get_int64());
    } else if (value.is_number()) {
        const double number = value.to_number<double>();
        if (std::isfinite(number)) add(key, "doubleValue", number);
    } else if (value.is_bool()) {
        add(key, "boolValue", value);
    } else {
        json(key, value);
    }
}

void Attributes::json(std::string_view key, const json::value& value) {
    if (!value.is_null()) text(key, json_tree::write(value));
}

}  // namespace patchbay::otel
