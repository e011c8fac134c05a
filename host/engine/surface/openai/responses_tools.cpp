#include "engine/surface/openai/responses_tools.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <patchbay/json_tree.hpp>
#include <unordered_set>
#include <utility>

#include "engine/surface/hub/mentions.hpp"
#include "engine/surface/hub/tool_schema.hpp"
#include "engine/surface/openai/custom_tools.hpp"
#include "patchbay/sdk/text.hpp"

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
    std::unordered_set<std::string> names, groups;
    for (const auto& value : *allowed) {
        const auto* one = as_object(&value);
        if (!one) continue;
        const auto name = text(*one, "name");
        if (text(*one, "type") == "namespace") {
            groups.emplace(name);
        } else {
            names.insert(reading.names.shorten(name, text(*one, "namespace")));
        }
    }
    json::array kept;
    for (const auto& tool : chat["tools"].get_array()) {
        const std::string name(name_in(tool)), group(reading.names.group(name));
        if (names.contains(name) || groups.contains(group)) kept.push_back(tool);
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

constexpr std::string_view kAdditionalTools = "additional_tools";

bool is_openais(const json::object& item) {
    const auto type = text(item, "type");
    return type == "custom" || type == "namespace" || type == kAdditionalTools ||
           (type == "tool_search" && text(item, "execution") == "client");
}

bool holds_openais(std::string_view list) {
    const auto tree = json_tree::read(list);
    const auto* items = tree ? tree.value.if_array() : nullptr;
    return items && std::any_of(items->begin(), items->end(), [](const auto& value) {
               const auto* item = as_object(&value);
               return item && is_openais(*item);
           });
}

bool mentions_any(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return mentions(text, word); });
}

}  // namespace

bool has_openais_tools(std::span<const bay_member> members) {
    bool has = false;
    for (const bay_member& member : members) {
        const auto name = bay::sv(member.name), value = bay::sv(member.value);
        if (name == "previous_response_id" && value != "null") return false;
        if (name == "tools") {
            has |=
                mentions_any(value, {"custom", "namespace", "tool_search"}) && holds_openais(value);
        } else if (name == "input") {
            has |= mentions(value, kAdditionalTools) && holds_openais(value);
        }
    }
    return has;
}

// What an earlier list has told, such as an item that comes with every turn, is known.
void ResponseTools::push(json::object function) {
    const auto name = text(function, "name");
    named_.emplace_back(name);
    const auto known = told_.try_emplace(std::string(name), list_).first;
    if (known->second < list_) return;
    tools_.emplace_back(function_tool(std::move(function)));
}

// Adds a tool of the type function or custom; false: it is of another.
Result<bool> ResponseTools::add_function(const json::object& tool, std::string_view group,
                                         const Place& place) {
    const auto type = text(tool, "type");
    if (type != "function" && type != "custom") return false;
    auto function = type == "function" ? function_of(tool, group, place, reading_)
                                       : function_of_custom(tool, group, place, reading_);
    if (!function) return function.error();
    if (type == "custom") custom.emplace_back(text(*function, "name"));
    push(std::move(*function));
    return true;
}

// A group of functions. Chat has none: each is a function whose name begins with the group's.
Result<void> ResponseTools::add_namespace(const json::object& group, const Place& place) {
    const auto name = name_of(group, place);
    if (!name) return name.error();
    const Place list("tools", &place);
    const auto* given = find_array(group, "tools");
    if (!given) return bad_shape(list, "must be an array");
    for (std::size_t i = 0; i < given->size(); ++i) {
        const Place at(i, &list);
        const auto* tool = as_object(&(*given)[i]);
        if (!tool) return bad_shape(at, "must be an object");
        const auto added = add_function(*tool, *name, at);
        if (!added) return added.error();
        if (!*added) reading_.refuse(at);
    }
    return {};
}

Result<void> ResponseTools::add_search(const json::object& tool, const Place& place) {
    // A search among what OpenAI keeps: nobody else has it, and the answer is complete without.
    if (const auto* live = find(tool, "external_web_access"); live && *live == json::value(false)) {
        reading_.note(place);
        return {};
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
    if (find(tool, "filters")) reading_.refuse(Place("filters", &place));
    web_search_ = std::move(options);
    return {};
}

// The client looks among tools that it has not told yet, and tells what it has found.
Result<void> ResponseTools::add_client_search(const json::object& tool, const Place& place) {
    json::object search = tool;
    search["name"] = kToolSearch;
    auto function = function_of(search, {}, place, reading_);
    if (!function) return function.error();
    client_search = true;
    push(std::move(*function));
    return {};
}

Result<void> ResponseTools::add_tool(const json::object& tool, const Place& list,
                                     const Place& place) {
    const auto type = text(tool, "type");
    if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
    if (type == "function" && find_object(tool, "function")) {
        told_.try_emplace(std::string(name_in(tools_.emplace_back(tool))), list_);
        return {};  // as the chat API has it
    }
    const auto added = add_function(tool, {}, place);
    if (!added) return added.error();
    if (*added) return {};
    if (type == "namespace") return add_namespace(tool, place);
    if (is_search(type)) return add_search(tool, Place(type, &list));
    if (type != "tool_search") {
        reading_.refuse(place);
    } else if (text(tool, "execution") == "client") {
        return add_client_search(tool, place);
    } else {
        reading_.note(Place(type, &list));  // all tools are told at once: none is left to find
    }
    return {};
}

Result<void> ResponseTools::add(const json::value& value, const Place& list) {
    const auto* given = value.if_array();
    if (!given) return bad_shape(list, "must be an array");
    ++list_;
    named_.clear();
    for (std::size_t i = 0; i < given->size(); ++i) {
        const Place place(i, &list);
        const auto* tool = as_object(&(*given)[i]);
        if (!tool) return bad_shape(place, "must be an object");
        if (auto added = add_tool(*tool, list, place); !added) return added;
    }
    return {};
}

void ResponseTools::write(json::object& chat) {
    if (web_search_) chat["web_search_options"] = std::move(*web_search_);
    if (!tools_.empty()) chat["tools"] = std::move(tools_);
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
