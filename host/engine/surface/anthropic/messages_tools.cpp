#include "engine/surface/anthropic/messages_tools.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "engine/surface/anthropic/client_tools.hpp"
#include "engine/surface/hub/tool_schema.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kWebSearch = "web_search_";
constexpr std::string_view kWebSearchName = "web_search";
constexpr std::string_view kToolSearch = "tool_search_tool_";  // among tools, by Anthropic

// Of a tool beside name, description and schema: how Anthropic loads and calls it.
constexpr std::array<std::string_view, 4> kAnthropics{"defer_loading", "allowed_callers",
                                                      "input_examples", "eager_input_streaming"};

// How many searches LiteLLM lets each context size make, read backwards.
struct SearchSize {
    std::uint64_t most_uses;
    std::string_view size;
};
constexpr std::array kSearchSizes{SearchSize{1, "low"}, SearchSize{5, "medium"},
                                  SearchSize{UINT64_MAX, "high"}};

json::object function_tool(json::object function, const json::object& tool) {
    json::object written{{"type", "function"}, {"function", std::move(function)}};
    if (const auto* mark = find(tool, "cache_control")) written["cache_control"] = *mark;
    return written;
}

Result<json::object> clients_tool(const json::object& tool, const Place& place, Reading& reading) {
    const auto name = text(tool, "name");
    if (name.empty()) {
        return bad_shape(Place("name", &place), "must be a string that is not empty");
    }
    const auto* given = find(tool, "input_schema");
    const auto* schema = as_object(given);
    if (!schema) return bad_shape(Place("input_schema", &place), "must be an object");
    json::object function{{"name", reading.names.shorten(name)}};
    if (const auto words = text(tool, "description"); !words.empty()) {
        function["description"] = words;
    }
    function["parameters"] = object_schema(*schema);
    if (const auto* strict = find(tool, "strict")) {
        if (!strict->is_bool()) return bad_shape(Place("strict", &place), "must be a boolean");
        const bool taken = is_strict_schema(*given);
        if (strict->get_bool() && !taken) reading.note(Place("strict", &place));
        function["strict"] = strict->get_bool() && taken;
    }
    for (const auto option : kAnthropics) {
        if (find(tool, option)) reading.note(Place(option, &place));
    }
    return function_tool(std::move(function), tool);
}

json::object search_options(const json::object& tool, const Place& place, Reading& reading) {
    json::object options;
    if (const auto uses = count(tool, "max_uses"); uses > 0) {
        const auto* size =
            std::find_if(kSearchSizes.begin(), kSearchSizes.end(),
                         [&](const SearchSize& row) { return uses <= row.most_uses; });
        options["search_context_size"] = size->size;
    }
    if (const auto* location = find_object(tool, "user_location")) {
        json::object approximate = *location;
        approximate.erase("type");
        options["user_location"] =
            json::object{{"type", "approximate"}, {"approximate", std::move(approximate)}};
    }
    for (const std::string_view domains : {"allowed_domains", "blocked_domains"}) {
        if (find(tool, domains)) reading.refuse(Place(domains, &place));
    }
    return options;
}

Result<void> add_tool(const json::object& tool, const Place& place, Reading& reading,
                      json::array& tools, json::object& chat) {
    const auto type = text(tool, "type");
    if (type == "function" && find_object(tool, "function")) {
        tools.emplace_back(tool);
        return {};
    }
    if (type.empty() || type == "custom" || type == "function") {
        auto written = clients_tool(tool, place, reading);
        if (!written) return written.error();
        tools.emplace_back(std::move(*written));
    } else if (type.starts_with(kWebSearch)) {
        chat["web_search_options"] = search_options(tool, place, reading);
    } else if (type.starts_with(kToolSearch)) {
        reading.note(Place("tool_search", &place));  // all tools are told: none is left to find
    } else if (auto function = client_tool(type, text(tool, "name")); !function.empty()) {
        reading.note(Place("type", &place));
        tools.emplace_back(function_tool(std::move(function), tool));
    } else {
        reading.refuse(place);
    }
    return {};
}

Result<json::value> chosen_tool(const json::object& choice, const Place& place, Reading& reading) {
    const auto type = text(choice, "type");
    if (type == "auto" || type == "none") return json::value(type);
    if (type == "any") return json::value("required");
    if (type != "tool") {
        return bad_shape(Place("type", &place), "must be auto, any, tool or none");
    }
    const auto name = text(choice, "name");
    if (name.empty()) {
        return bad_shape(Place("name", &place), "must be a string that is not empty");
    }
    return json::value{{"type", "function"}, {"function", {{"name", reading.names.shorten(name)}}}};
}

bool names_a_search(const json::object& choice, const json::object& chat) {
    return text(choice, "type") == "tool" && text(choice, "name") == kWebSearchName &&
           chat.contains("web_search_options");
}

}  // namespace

Result<void> write_tools(const json::value& value, Reading& reading, json::object& chat) {
    const Place list("tools");
    const auto* given = value.if_array();
    if (!given) return bad_shape(list, "must be an array");
    json::array tools;
    for (std::size_t i = 0; i < given->size(); ++i) {
        const Place place(i, &list);
        const auto* tool = as_object(&(*given)[i]);
        if (!tool) return bad_shape(place, "must be an object");
        if (auto added = add_tool(*tool, place, reading, tools, chat); !added) {
            return added.error();
        }
    }
    if (!tools.empty()) chat["tools"] = std::move(tools);
    return {};
}

Result<void> write_tool_choice(const json::value& value, Reading& reading, json::object& chat) {
    const Place place("tool_choice");
    const auto* choice = as_object(&value);
    if (!choice) return bad_shape(place, "must be an object");
    auto chosen = chosen_tool(*choice, place, reading);
    if (!chosen) return chosen.error();
    if (names_a_search(*choice, chat)) {
        // Models that search do so unasked; clients such as Claude Code name the tool in every search.
        reading.note(place);
        return {};
    }
    if (!chat.contains("tools")) return {};
    chat["tool_choice"] = std::move(*chosen);
    if (is_true(*choice, "disable_parallel_tool_use")) chat["parallel_tool_calls"] = false;
    return {};
}

}  // namespace patchbay::surface
