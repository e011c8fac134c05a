#include "engine/surface/bedrock/converse_tools.hpp"

#include <utility>

#include "engine/surface/bedrock/converse_parts.hpp"
#include "engine/surface/hub/tool_schema.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kWebSearch = "nova_grounding";

Result<json::object> function_of(const json::object& spec, const Place& place, Reading& reading) {
    const auto name = text(spec, "name");
    if (name.empty()) {
        return bad_shape(Place("name", &place), "must be a string that is not empty");
    }
    json::object function{{"name", reading.names.shorten(name)}};
    if (const auto words = text(spec, "description"); !words.empty()) {
        function["description"] = words;
    }
    const Place at("inputSchema", &place);
    const auto* holder = find_object(spec, "inputSchema");
    const auto* schema = holder ? find_object(*holder, "json") : nullptr;
    if (!schema) return bad_shape(Place("json", &at), "must be an object");
    function["parameters"] = object_schema(*schema);
    if (const auto* strict = find(spec, "strict")) {
        if (!strict->is_bool()) return bad_shape(Place("strict", &place), "must be a boolean");
        const bool taken = is_strict_schema(*schema);
        if (strict->get_bool() && !taken) reading.note(Place("strict", &place));
        function["strict"] = strict->get_bool() && taken;
    }
    return function;
}

Result<void> add_tool(const json::object& tool, const Place& place, Reading& reading,
                      json::array& tools, json::object& chat) {
    if (const auto* spec = find_object(tool, "toolSpec")) {
        auto function = function_of(*spec, Place("toolSpec", &place), reading);
        if (!function) return function.error();
        tools.emplace_back(json::object{{"type", "function"}, {"function", std::move(*function)}});
        return {};
    }
    if (const auto* point = find_object(tool, "cachePoint")) {
        const Place at("cachePoint", &place);
        if (tools.empty()) {
            reading.note(at);
        } else {
            tools.back().get_object()["cache_control"] = cache_mark(*point);
        }
        return {};
    }
    if (const auto* system = find_object(tool, "systemTool")) {
        if (text(*system, "name") == kWebSearch) {
            chat["web_search_options"] = json::object();
        } else {
            reading.refuse(Place("systemTool", &place));
        }
        return {};
    }
    return bad_shape(place, "must hold toolSpec, systemTool or cachePoint");
}

Result<json::value> choice_of(const json::object& choice, const Place& place, Reading& reading) {
    if (find_object(choice, "auto")) return json::value("auto");
    if (find_object(choice, "any")) return json::value("required");
    const auto* tool = find_object(choice, "tool");
    const auto name = tool ? text(*tool, "name") : std::string_view();
    if (name.empty()) return bad_shape(place, "must hold auto, any, or tool with a name");
    return json::value{{"type", "function"}, {"function", {{"name", reading.names.shorten(name)}}}};
}

}  // namespace

Result<void> write_tool_config(const json::value& value, const Place& place, Reading& reading,
                               json::object& chat) {
    const auto* config = as_object(&value);
    if (!config) return bad_shape(place, "must be an object");
    json::array tools;
    if (const auto* given = find(*config, "tools")) {
        const Place list("tools", &place);
        const auto* each = given->if_array();
        if (!each) return bad_shape(list, "must be an array");
        for (std::size_t i = 0; i < each->size(); ++i) {
            const Place at(i, &list);
            const auto* tool = as_object(&(*each)[i]);
            if (!tool) return bad_shape(at, "must be an object");
            if (auto added = add_tool(*tool, at, reading, tools, chat); !added) return added;
        }
    }
    if (tools.empty()) return {};
    chat["tools"] = std::move(tools);
    const auto* given = find(*config, "toolChoice");
    if (!given) return {};
    const Place at("toolChoice", &place);
    const auto* choice = as_object(given);
    if (!choice) return bad_shape(at, "must be an object");
    auto chosen = choice_of(*choice, at, reading);
    if (!chosen) return chosen.error();
    const auto* tool = find_object(*choice, "tool");
    if (tool && text(*tool, "name") == kWebSearch && chat.contains("web_search_options")) {
        reading.note(at);  // models that search do so unasked
        return {};
    }
    chat["tool_choice"] = std::move(*chosen);
    return {};
}

}  // namespace patchbay::surface
