// SPDX-License-Identifier: Apache-2.0
#include "output_form.hpp"

#include <algorithm>

#include "anthropic/model.hpp"
#include "anthropic/structured_output.hpp"

namespace patchbay::bedrock {

namespace {

// Every object in it says that it has no other properties.
bool is_closed(const json::value& schema) {
    if (const auto* list = schema.if_array())
        return std::all_of(list->begin(), list->end(), is_closed);
    const auto* object = schema.if_object();
    if (!object || is_number(schema)) return true;
    const bool describes = text(*object, "type") == "object" || find_object(*object, "properties");
    const auto* others = find(*object, "additionalProperties");
    if (describes && (!others || *others != json::value(false))) return false;
    return std::all_of(object->begin(), object->end(),
                       [](const auto& member) { return is_closed(member.value()); });
}

}  // namespace

bool has_output_form(const Model& model) {
    return model.family->schema ||
           (model.family->claude() && anthropic::traits_of(model.name).structured);
}

bool apply_output_form(const json::value& format, json::object& converse) {
    const auto* object = format.if_object();
    const auto* described = object ? find_object(*object, "json_schema") : nullptr;
    const auto* schema = described ? find_object(*described, "schema") : nullptr;
    if (!schema) return false;
    const auto closed = anthropic::structured_schema(*schema);
    if (!closed) return false;
    json::object form{{"schema", to_text(is_closed(*schema) ? *schema : *closed)}};
    for (const std::string_view name : {"name", "description"}) {
        if (const auto words = text(*described, name); !words.empty()) form[name] = words;
    }
    json::object made{{"type", "json_schema"}};
    made["structure"] = json::object{{"jsonSchema", std::move(form)}};
    json::object config{{"textFormat", std::move(made)}};
    converse["outputConfig"] = std::move(config);
    return true;
}

}  // namespace patchbay::bedrock
