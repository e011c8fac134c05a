// SPDX-License-Identifier: Apache-2.0
#include "tool_schema.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace patchbay::bedrock {

namespace {

constexpr std::array<std::string_view, 2> kDefinitions{"$defs", "definitions"};
constexpr std::size_t kMaxParts = 10'000;

/// Copies a schema with every reference in it replaced by what it names.
class Flattener {
  public:
    explicit Flattener(const json::object& root) : root_(root) {}

    /// Nothing if a reference cannot be replaced.
    std::optional<json::object> flatten() {
        json::object made;
        for (const auto& [name, value] : root_) {
            if (!is_definitions(name)) made[name] = copy(value);
        }
        if (failed_) return std::nullopt;
        return made;
    }

  private:
    static bool is_definitions(std::string_view name) {
        return std::find(kDefinitions.begin(), kDefinitions.end(), name) != kDefinitions.end();
    }

    json::value copy(const json::value& schema) {
        if (failed_ || ++parts_ > kMaxParts) {
            failed_ = true;
            return nullptr;
        }
        if (const auto* list = schema.if_array()) {
            json::array made;
            for (const auto& one : *list) made.push_back(copy(one));
            return made;
        }
        const auto* object = schema.if_object();
        if (!object) return schema;
        const auto* reference = find(*object, "$ref");
        if (reference && reference->is_string()) {
            return named(view(reference->get_string()), *object);
        }
        json::object made;
        for (const auto& [name, value] : *object) made[name] = copy(value);
        return made;
    }

    // What stands beside a reference, as a description, is added to what it names.
    json::value named(std::string_view reference, const json::object& beside) {
        const auto* definition = definition_of(reference);
        const bool within = std::find(open_.begin(), open_.end(), reference) != open_.end();
        if (!definition || within) {
            failed_ = true;
            return nullptr;
        }
        open_.push_back(reference);
        json::value made = copy(*definition);
        open_.pop_back();
        auto* object = made.if_object();
        if (!object) return made;
        for (const auto& [name, value] : beside) {
            if (name != "$ref") (*object)[name] = copy(value);
        }
        return made;
    }

    // "#/$defs/Name".
    const json::value* definition_of(std::string_view reference) const {
        for (const auto place : kDefinitions) {
            const std::string start = "#/" + std::string(place) + "/";
            if (!reference.starts_with(start)) continue;
            return find(find_object(root_, place), reference.substr(start.size()));
        }
        return nullptr;
    }

    const json::object& root_;
    std::vector<std::string_view> open_;  ///< the references that are being put in place
    std::size_t parts_ = 0;
    bool failed_ = false;
};

}  // namespace

json::object tool_schema(json::object schema, bool open) {
    for (const std::string_view name : {"$schema", "$id", "title"}) schema.erase(name);
    if (open) schema.erase("additionalProperties");
    auto flat = Flattener(schema).flatten();
    return flat ? std::move(*flat) : schema;
}

}  // namespace patchbay::bedrock
