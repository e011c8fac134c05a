#include "engine/surface/openai/responses_tools.hpp"

#include <algorithm>
#include <utility>

#include "engine/surface/hub/tool_schema.hpp"
#include "engine/surface/openai/custom_tools.hpp"

namespace patchbay::surface {

namespace {

Result<std::string_view> name_of(const json::object& tool, const Place& place) {
    const auto name = text(tool, "name");
    if (!name.empty()) return name;
    return bad_shape(Place("name", &place), "must be a string that is not empty");
}

json::object function_tool(json::object function) {
    return {{"type", "function"}, {"function", std::move(function)}};
}

// How OpenAI loads and calls a tool.
constexpr std::string_view kOpenAis[] = {"defer_loading", "allowed_callers", "output_schema"};

// `group`: the namespace that the tool is in, or empty; likewise below.
Result<json::object> function_of(const json::object& tool, std::string_view group,
                                 const Place& place, Reading& reading) {
    const auto name = name_of(tool, place);
    if (!name) return name.error();
    json::object function{{"name", reading.names.shorten(*name, group)}};
    if (const auto words = text(tool, "description"); !words.empty()) {
        function["description"] = words;
    }
    if (const auto* given = find(tool, "parameters")) {
        const auto* schema = as_object(given);
        if (!schema) return bad_shape(Place("parameters", &place), "must be an object");
        function["parameters"] = object_schema(*schema);
    }
    const auto* strict = find(tool, "strict");
    if (strict && !strict->is_bool())
        return bad_shape(Place("strict", &place), "must be a boolean");
    // The two APIs differ in what they take a missing one for.
    function["strict"] = strict ? *strict : json::value(false);
    for (const auto option : kOpenAis) {
        if (find(tool, option)) reading.note(Place(option, &place));
    }
    return function;
}

// A grammar cannot be enforced elsewhere; the model is told of it.
Result<json::object> function_of_custom(const json::object& tool, std::string_view group,
                                        const Place& place, Reading& reading) {
    const auto name = name_of(tool, place);
    if (!name) return name.error();
    reading.note(Place("custom", &place));
    const auto* format = find_object(tool, "format");
    return free_text_function(reading.names.shorten(*name, group), text(tool, "description"),
                              format ? text(*format, "definition") : std::string_view(),
                              format ? text(*format, "syntax") : std::string_view());
}

// Adds a tool of the type function or custom; false: it is of another.
Result<bool> add_function(const json::object& tool, std::string_view group, const Place& place,
                          Reading& reading, json::array& tools, CustomTools& custom) {
    const auto type = text(tool, "type");
    if (type != "function" && type != "custom") return false;
    auto function = type == "function" ? function_of(tool, group, place, reading)
                                       : function_of_custom(tool, group, place, reading);
    if (!function) return function.error();
    if (type == "custom") custom.emplace_back(text(*function, "name"));
    tools.emplace_back(function_tool(std::move(*function)));
    return true;
}

// A group of functions. Chat has none: each is a function whose name begins with the group's.
Result<void> add_namespace(const json::object& group, const Place& place, Reading& reading,
                           json::array& tools, CustomTools& custom) {
    const auto name = name_of(group, place);
    if (!name) return name.error();
    const Place list("tools", &place);
    const auto* given = find_array(group, "tools");
    if (!given) return bad_shape(list, "must be an array");
    for (std::size_t i = 0; i < given->size(); ++i) {
        const Place at(i, &list);
        const auto* tool = as_object(&(*given)[i]);
        if (!tool) return bad_shape(at, "must be an object");
        const auto added = add_function(*tool, *name, at, reading, tools, custom);
        if (!added) return added.error();
        if (!*added) reading.refuse(at);
    }
    return {};
}

void add_search(const json::object& tool, const Place& place, Reading& reading,
                json::object& chat) {
    // A search among what OpenAI keeps: nobody else has it, and the answer is complete without.
    if (const auto* live = find(tool, "external_web_access"); live && *live == json::value(false)) {
        return reading.note(place);
    }
    json::object options;
    if (const auto size = text(tool, "search_context_size"); !size.empty()) {
        options["search_context_size"] = size;
    }
    if (const auto* location = find_object(tool, "user_location")) {
        json::object approximate = *location;
        approximate.erase("type");
        options["user_location"] =
            json::object{{"type", "approximate"}, {"approximate", std::move(approximate)}};
    }
    if (find(tool, "filters")) reading.refuse(Place("filters", &place));
    chat["web_search_options"] = std::move(options);
}

bool is_search(std::string_view type) {
    return type.starts_with("web_search");
}

std::string_view name_in(const json::value& tool) {
    const auto* function = find_object(tool.get_object(), "function");
    return function ? text(*function, "name") : std::string_view();
}

// Only the tools that are allowed are told; those that OpenAI runs are not among them.
Result<void> write_allowed(const json::object& choice, const Place& place, Reading& reading,
                           json::object& chat) {
    const auto* allowed = find_array(choice, "tools");
    const auto mode = text(choice, "mode");
    if (!allowed || (mode != "auto" && mode != "required")) {
        return bad_shape(place, "allowed_tools must have a mode, auto or required, and tools");
    }
    json::array kept;
    for (const auto& tool : chat["tools"].get_array()) {
        const bool named = std::any_of(allowed->begin(), allowed->end(), [&](const auto& value) {
            const auto* one = as_object(&value);
            if (!one) return false;
            if (text(*one, "type") == "namespace") {
                return text(*one, "name") == reading.names.group(name_in(tool));
            }
            return reading.names.shorten(text(*one, "name"), text(*one, "namespace")) ==
                   name_in(tool);
        });
        if (named) kept.push_back(tool);
    }
    reading.note(Place("allowed_tools", &place));
    if (kept.empty()) {
        chat.erase("tools");
    } else {
        chat["tools"] = std::move(kept);
        chat["tool_choice"] = mode;
    }
    return {};
}

}  // namespace

Result<void> write_response_tools(const json::value& value, Reading& reading, json::object& chat,
                                  CustomTools& custom) {
    const Place list("tools");
    const auto* given = value.if_array();
    if (!given) return bad_shape(list, "must be an array");
    json::array tools;
    for (std::size_t i = 0; i < given->size(); ++i) {
        const Place place(i, &list);
        const auto* tool = as_object(&(*given)[i]);
        if (!tool) return bad_shape(place, "must be an object");
        const auto type = text(*tool, "type");
        if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
        if (type == "function" && find_object(*tool, "function")) {
            tools.emplace_back(*tool);  // as the chat API has it
            continue;
        }
        const auto added = add_function(*tool, {}, place, reading, tools, custom);
        if (!added) return added.error();
        if (*added) continue;
        if (type == "namespace") {
            auto group = add_namespace(*tool, place, reading, tools, custom);
            if (!group) return group.error();
        } else if (is_search(type)) {
            add_search(*tool, Place(type, &list), reading, chat);
        } else if (type == "tool_search" && text(*tool, "execution") != "client") {
            reading.note(Place(type, &list));  // all tools are told at once: none is left to find
        } else {
            reading.refuse(place);
        }
    }
    if (!tools.empty()) chat["tools"] = std::move(tools);
    return {};
}

Result<void> write_response_choice(const json::value& value, Reading& reading, json::object& chat) {
    const Place place("tool_choice");
    if (const auto* word = value.if_string()) {
        if (*word != "auto" && *word != "none" && *word != "required") {
            return bad_shape(place, "must be auto, none, required or an object");
        }
        if (chat.contains("tools")) chat["tool_choice"] = *word;
        return {};
    }
    const auto* choice = as_object(&value);
    if (!choice) return bad_shape(place, "must be a string or an object");
    const auto type = text(*choice, "type");
    if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
    if (!chat.contains("tools")) return {};
    if (type == "allowed_tools") return write_allowed(*choice, place, reading, chat);
    if (is_search(type) && chat.contains("web_search_options")) {
        reading.note(place);  // models that search do so unasked
        return {};
    }
    if (type != "function" && type != "custom") {
        reading.refuse(place);
        return {};
    }
    const auto name = name_of(*choice, place);
    if (!name) return name.error();
    chat["tool_choice"] =
        function_tool({{"name", reading.names.shorten(*name, text(*choice, "namespace"))}});
    return {};
}

}  // namespace patchbay::surface
