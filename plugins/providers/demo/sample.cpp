#include "sample.hpp"

namespace patchbay::demo {
namespace {

constexpr int kMaxDepth = 16;

std::string_view type_of(const json::object& schema) {
    if (const json::value* type = schema.if_contains("type")) {
        if (const json::string* name = type->if_string()) return *name;
        if (const json::array* names = type->if_array()) {
            for (const json::value& name : *names) {
                if (name.is_string() && name.get_string() != "null") return name.get_string();
            }
        }
    }
    return schema.if_contains("items")        ? "array"
           : schema.if_contains("properties") ? "object"
                                              : "string";
}

}  // namespace

json::value sample(const json::value& schema, const json::value& root, std::string_view text,
                   int depth) {
    const json::object* object = schema.if_object();
    if (!object || depth > kMaxDepth) return nullptr;
    if (const std::string_view ref = shared::text(object, "$ref"); !ref.empty() && ref[0] == '#') {
        boost::system::error_code error;
        const json::value* target = root.find_pointer(ref.substr(1), error);
        return target ? sample(*target, root, text, depth + 1) : nullptr;
    }
    for (const char* name : {"const", "default"}) {
        if (const json::value* given = object->if_contains(name)) return *given;
    }
    if (const json::array* choices = find_array(object, "enum"); choices && !choices->empty()) {
        return choices->front();
    }
    for (const char* name : {"anyOf", "oneOf", "allOf"}) {
        if (const json::array* of = find_array(object, name); of && !of->empty()) {
            return sample(of->front(), root, text, depth + 1);
        }
    }
    const std::string_view type = type_of(*object);
    if (type == "object") {
        json::object result;
        if (const json::object* properties = find_object(object, "properties")) {
            for (const auto& [name, property] : *properties) {
                result[name] = sample(property, root, text, depth + 1);
            }
        }
        return result;
    }
    if (type == "array") {
        const json::value* items = find(object, "items");
        return items ? json::array{sample(*items, root, text, depth + 1)} : json::array{};
    }
    if (type == "integer" || type == "number") {
        const json::value* minimum = find(object, "minimum");
        return minimum && minimum->is_number() ? *minimum : json::value(0);
    }
    if (type == "boolean") return true;
    if (type == "null") return nullptr;
    return json::string(text);
}

}  // namespace patchbay::demo
