// SPDX-License-Identifier: Apache-2.0
#include "structured_output.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "json/is_among.hpp"

namespace patchbay::anthropic {

using shared::is_among;

namespace {

// References multiply what is written; no schema of sense is larger.
constexpr std::size_t kMostParts = 4096;
constexpr std::size_t kDeepest = 32;

constexpr std::array<std::string_view, 11> kKept{"type",     "enum",       "const",  "description",
                                                 "title",    "default",    "format", "anyOf",
                                                 "required", "properties", "items"};
constexpr std::array<std::string_view, 9> kFormats{"date-time", "time", "date", "duration", "email",
                                                   "hostname",  "uri",  "ipv4", "ipv6"};
// They say where a schema is, not what it allows.
constexpr std::array<std::string_view, 4> kPlaces{"$schema", "$id", "$defs", "definitions"};

bool may_be_object(const json::object& schema) {
    const auto* type = find(schema, "type");
    if (!type) return schema.contains("properties");
    if (const auto* list = type->if_array()) {
        return std::any_of(list->begin(), list->end(),
                           [](const json::value& one) { return one == json::value("object"); });
    }
    return *type == json::value("object");
}

class Closer {
  public:
    explicit Closer(const json::object& root) : root_(root) {}

    /// The schema with everything in place; sets failed().
    json::value close(const json::value& schema) {
        const auto* object = schema.if_object();
        if (!object || ++parts_ > kMostParts || depth_ >= kDeepest) return fail();
        ++depth_;
        json::value closed = close_object(*object);
        --depth_;
        return closed;
    }
    bool failed() const { return failed_; }

  private:
    json::value fail() {
        failed_ = true;
        return nullptr;
    }

    json::value close_object(const json::object& schema) {
        if (const auto* reference = find(schema, "$ref"))
            return close_reference(*reference, schema);
        json::object closed;
        for (const auto& member : schema) {
            if (failed_) return nullptr;
            close_member(member.key(), member.value(), closed);
        }
        if (may_be_object(closed)) {
            // Any object at all cannot be said: without properties there would be none.
            if (!closed.contains("properties")) return fail();
            closed["additionalProperties"] = false;
        }
        return closed;
    }

    void close_member(std::string_view name, const json::value& value, json::object& closed) {
        if (is_among(name, kPlaces)) return;
        if (name == "additionalProperties" && value == json::value(false)) return;
        const auto* format = name == "format" ? value.if_string() : nullptr;
        if (!is_among(name, kKept) || (format && !is_among(std::string_view(*format), kFormats))) {
            fail();
        } else if (name == "properties") {
            closed[name] = close_properties(value);
        } else if (name == "items") {
            closed[name] = close(value);
        } else if (name == "anyOf") {
            closed[name] = close_list(value);
        } else {
            closed[name] = value;
        }
    }

    json::value close_properties(const json::value& properties) {
        const auto* object = properties.if_object();
        if (!object) return fail();
        json::object closed;
        for (const auto& member : *object) closed[member.key()] = close(member.value());
        return closed;
    }

    json::value close_list(const json::value& schemas) {
        const auto* list = schemas.if_array();
        if (!list) return fail();
        json::array closed;
        for (const auto& schema : *list) closed.push_back(close(schema));
        return closed;
    }

    // "#/$defs/Name"; what stands beside a reference is added to what it names.
    json::value close_reference(const json::value& reference, const json::object& beside) {
        const auto* text = reference.if_string();
        const json::value* target = text ? definition(*text) : nullptr;
        if (!target || is_among(std::string_view(*text), open_)) return fail();
        open_.emplace_back(*text);
        json::value closed = close(*target);
        open_.pop_back();
        if (failed_) return nullptr;
        for (const std::string_view name : {"description", "title", "default"}) {
            if (const auto* value = find(beside, name)) closed.as_object()[name] = *value;
        }
        return closed;
    }

    const json::value* definition(std::string_view reference) const {
        for (const std::string_view place : {"$defs", "definitions"}) {
            const std::string start = "#/" + std::string(place) + "/";
            if (!reference.starts_with(start)) continue;
            const auto* definitions = find_object(root_, place);
            return definitions ? find(*definitions, reference.substr(start.size())) : nullptr;
        }
        return nullptr;
    }

    const json::object& root_;
    std::vector<std::string> open_;  ///< the references that are being put in place
    std::size_t parts_ = 0;
    std::size_t depth_ = 0;
    bool failed_ = false;
};

}  // namespace

std::optional<json::object> structured_schema(const json::object& schema) {
    Closer closer(schema);
    json::value closed = closer.close(schema);
    if (closer.failed() || !may_be_object(closed.as_object())) return std::nullopt;
    return std::move(closed.as_object());
}

}  // namespace patchbay::anthropic
