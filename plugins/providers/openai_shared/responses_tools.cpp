#include "responses_tools.hpp"

#include <string>

namespace patchbay::openai {

namespace {

Result<json::value> parsed(std::string_view text, const char* place) {
    auto value = shared::parse_json(text);
    if (!value) return bad_request(place, "is no JSON");
    return std::move(*value);
}

Result<void> append_function(const json::object& function, const std::string& place,
                             ListText& tools) {
    const auto name = text(function, "name");
    if (name.empty()) return bad_request(place + ".name", "must be a string that is not empty");
    ObjectText tool(tools.element());
    tool.words("type", "function");
    tool.words("name", name);
    if (const auto* words = find(function, "description")) tool.value("description", *words);
    if (const auto* schema = find(function, "parameters")) {
        tool.value("parameters", *schema);
    } else {
        tool.json("parameters", R"({"type":"object","properties":{}})");
    }
    const auto* strict = find(function, "strict");
    tool.value("strict", strict ? *strict : json::value(false));
    tool.end();
    return {};
}

/// In chat a grammar is an object of its own inside of the format.
void write_format(const json::object& format, ObjectText& tool) {
    const auto* grammar = find_object(format, "grammar");
    if (!grammar) return tool.value("format", format);
    ObjectText flat(tool.member("format"));
    flat.words("type", "grammar");
    for (const std::string_view name : {"syntax", "definition"}) {
        if (const auto* value = find(*grammar, name)) flat.value(name, *value);
    }
    flat.end();
}

Result<void> append_custom(const json::object& custom, const std::string& place, ListText& tools) {
    const auto name = text(custom, "name");
    if (name.empty()) return bad_request(place + ".name", "must be a string that is not empty");
    ObjectText tool(tools.element());
    tool.words("type", "custom");
    tool.words("name", name);
    if (const auto* words = find(custom, "description")) tool.value("description", *words);
    if (const auto* format = find_object(custom, "format")) write_format(*format, tool);
    tool.end();
    return {};
}

Result<void> append_tool(const json::value& value, const std::string& place, ListText& tools) {
    const auto* tool = value.if_object();
    if (!tool) return bad_request(place, "must be an object");
    if (const auto* function = find_object(*tool, "function")) {
        return append_function(*function, place + ".function", tools);
    }
    if (const auto* custom = find_object(*tool, "custom")) {
        return append_custom(*custom, place + ".custom", tools);
    }
    if (text(*tool, "type") == "function") return append_function(*tool, place, tools);
    if (text(*tool, "type").empty()) return bad_request(place + ".type", "must be a string");
    json_tree::append(value, tools.element());
    return {};
}

Result<void> append_tools(std::string_view text_of_list, const char* name, bool functions,
                          ListText& tools) {
    const auto list = parsed(text_of_list, name);
    if (!list) return list.error();
    const auto* given = list->if_array();
    if (!given) return bad_request(name, "must be an array");
    for (std::size_t i = 0; i < given->size(); ++i) {
        const auto& value = (*given)[i];
        const std::string place = place_of(name, i);
        if (functions && !value.is_object()) return bad_request(place, "must be an object");
        auto written = functions ? append_function(value.get_object(), place, tools)
                                 : append_tool(value, place, tools);
        if (!written) return written;
    }
    return {};
}

/// Chat's `user_location` holds the place in a member of its own.
Result<void> append_search(std::string_view options, ListText& tools) {
    const auto value = parsed(options, "web_search_options");
    if (!value) return value.error();
    const auto* given = value->if_object();
    if (!given) return bad_request("web_search_options", "must be an object");
    ObjectText tool(tools.element());
    tool.words("type", "web_search");
    if (const auto* size = find(*given, "search_context_size")) {
        tool.value("search_context_size", *size);
    }
    if (const auto* filters = find(*given, "filters")) tool.value("filters", *filters);
    if (const auto* location = find_object(*given, "user_location")) {
        json::object place = *location;
        if (const auto* approximate = find_object(*location, "approximate")) place = *approximate;
        place["type"] = "approximate";
        tool.value("user_location", place);
    }
    tool.end();
    return {};
}

/// A tool that is named, without the member in which chat holds its name.
json::object flat(const json::object& named) {
    for (const std::string_view kind : {"function", "custom"}) {
        const auto* object = find_object(named, kind);
        if (object) return {{"type", kind}, {"name", text(*object, "name")}};
    }
    return named;
}

json::value flat_choice(const json::object& choice) {
    const auto type = text(choice, "type");
    if (type == "auto" || type == "none" || type == "required") return json::value(type);
    const auto* allowed = type == "allowed_tools" ? find_object(choice, "allowed_tools") : nullptr;
    if (!allowed) return flat(choice);
    json::array tools;
    if (const auto* list = find_array(*allowed, "tools")) {
        for (const auto& value : *list) {
            const auto* tool = value.if_object();
            tools.push_back(tool ? json::value(flat(*tool)) : value);
        }
    }
    return {{"type", type}, {"mode", text(*allowed, "mode")}, {"tools", std::move(tools)}};
}

bool is_given(std::string_view text) {
    return !text.empty() && text != "null";
}

Result<void> write_choice(const ChatTools& given, ObjectText& body) {
    const bool newer = is_given(given.choice);
    if (!newer && !is_given(given.function_call)) return {};
    const char* const name = newer ? "tool_choice" : "function_call";
    const auto choice = parsed(newer ? given.choice : given.function_call, name);
    if (!choice) return choice.error();
    if (choice->is_string()) {
        body.value("tool_choice", *choice);
    } else if (const auto* object = choice->if_object(); !object) {
        return bad_request(name, "must be a string or an object");
    } else if (newer) {
        body.value("tool_choice", flat_choice(*object));
    } else {
        body.value("tool_choice",
                   json::object{{"type", "function"}, {"name", text(*object, "name")}});
    }
    return {};
}

}  // namespace

Result<void> write_tools(const ChatTools& given, ObjectText& body) {
    const bool newer = is_given(given.tools);
    std::string list;
    ListText tools(list);
    Result<void> written;
    if (newer || is_given(given.functions)) {
        written = append_tools(newer ? given.tools : given.functions, newer ? "tools" : "functions",
                               !newer, tools);
    }
    // A web search among the tools says it better.
    const bool searches = shared::mentions(given.tools, "\"web_search");
    if (written && is_given(given.search) && !searches)
        written = append_search(given.search, tools);
    if (!written) return written;
    tools.end();
    if (!tools.empty()) body.json("tools", list);
    return write_choice(given, body);
}

}  // namespace patchbay::openai
