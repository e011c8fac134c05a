// SPDX-License-Identifier: Apache-2.0
#include "json_mode.hpp"

#include <utility>

#include "structured_output.hpp"
#include "tools.hpp"

namespace patchbay::anthropic {

namespace {

// References such as "#/$defs/x" must still resolve, so definitions move up with the top.
json::object wrap(json::object schema) {
    json::object wrapped{{"type", "object"}, {"required", json::array{"values"}}};
    for (const std::string_view definitions : {"$defs", "definitions"}) {
        if (auto* found = find(schema, definitions)) {
            wrapped[definitions] = std::move(*found);
            schema.erase(definitions);
        }
    }
    wrapped["properties"] = json::object{{"values", std::move(schema)}};
    return wrapped;
}

bool is_object_schema(const json::object& schema) {
    const auto type = text(schema, "type");
    return type == "object" || (type.empty() && !schema.contains("type") &&
                                !schema.contains("anyOf") && !schema.contains("oneOf"));
}

Result<json::object> schema_of(const json::object& format) {
    if (const auto* schema = find_object(format, "response_schema")) return *schema;
    const auto* described = find_object(format, "json_schema");
    if (!described) return bad_request("response_format.json_schema", "must be an object");
    const auto* schema = find_object(*described, "schema");
    if (!schema) return bad_request("response_format.json_schema.schema", "must be an object");
    return *schema;
}

}  // namespace

Result<JsonTool> json_tool(const json::value& format) {
    const auto* object = format.if_object();
    if (!object) return bad_request("response_format", "must be an object");
    const auto type = text(*object, "type");
    if (type == "text") return JsonTool{};
    if (type != "json_schema" && type != "json_object") {
        return bad_request("response_format.type", "must be text, json_object or json_schema");
    }
    if (type == "json_object" && !find(*object, "response_schema")) return JsonTool{};
    JsonTool json{
        JsonMode::plain,
        {{"name", kJsonToolName},
         {"description", "Give the answer by calling this tool; its input is the answer."}}};
    auto schema = schema_of(*object);
    if (!schema) return schema.error();
    if (is_object_schema(*schema)) {
        schema->insert({{"type", "object"}});
        json.tool["input_schema"] = std::move(*schema);
    } else {
        json.mode = JsonMode::wrapped;
        json.tool["input_schema"] = wrap(std::move(*schema));
    }
    return json;
}

bool apply_structured_output(const JsonTool& json, json::object& body) {
    if (json.mode != JsonMode::plain) return false;
    const auto* given = find_object(json.tool, "input_schema");
    auto schema = given ? structured_schema(*given) : std::nullopt;
    if (!schema) return false;
    body["output_format"] = json::object{{"type", "json_schema"}};
    body["output_format"].as_object()["schema"] = std::move(*schema);
    return true;
}

void apply_json_tool(JsonTool json, bool thinks, json::object& body) {
    const bool alone = !body.contains("tools");
    if (alone) body["tools"] = json::array();
    body["tools"].as_array().emplace_back(std::move(json.tool));
    if (thinks) return;
    const auto* chosen = find_object(body, "tool_choice");
    if (alone || (chosen && text(*chosen, "type") == "none")) {
        body["tool_choice"] = json::object{{"type", "tool"}, {"name", kJsonToolName}};
    } else if (!chosen) {
        body["tool_choice"] = json::object{{"type", "any"}};
    } else if (text(*chosen, "type") == "auto") {
        body["tool_choice"].as_object()["type"] = "any";
    }
}

std::string json_content(const json::value& input, JsonMode mode) {
    const auto* object = input.if_object();
    const auto* values =
        object && mode == JsonMode::wrapped ? object->if_contains("values") : nullptr;
    return to_text(values ? *values : input);
}

}  // namespace patchbay::anthropic
