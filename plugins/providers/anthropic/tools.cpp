// SPDX-License-Identifier: Apache-2.0
#include "tools.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <utility>

namespace patchbay::anthropic {

namespace {

struct ToolBeta {
    std::string_view type_prefix;
    std::string_view beta;
};

// From the pages of the tools in Anthropic's documentation.
constexpr std::array kToolBetas{
    ToolBeta{"computer_20241022", "computer-use-2024-10-22"},
    ToolBeta{"computer_20250124", "computer-use-2025-01-24"},
    ToolBeta{"computer_20251124", "computer-use-2025-11-24"},
    ToolBeta{"code_execution_20250522", "code-execution-2025-05-22"},
    ToolBeta{"code_execution_20250825", "code-execution-2025-08-25"},
    ToolBeta{"web_fetch_20250910", "web-fetch-2025-09-10"},
    ToolBeta{"memory_20250818", "context-management-2025-06-27"},
    ToolBeta{"tool_search_tool_", "advanced-tool-use-2025-11-20"},
};

constexpr std::string_view kMcpBeta = "mcp-client-2025-04-04";

// Options of a tool that Anthropic has beside name, description and schema.
constexpr std::array<std::string_view, 4> kToolOptions{"cache_control", "defer_loading",
                                                       "allowed_callers", "input_examples"};

Result<json::object> function_tool(const json::object& function, const std::string& place) {
    const auto name = text(function, "name");
    if (name.empty()) return bad_request(place + ".name", "must be a string that is not empty");
    const auto* parameters = find(function, "parameters");
    if (parameters && !parameters->is_object()) {
        return bad_request(place + ".parameters", "must be an object");
    }
    json::object tool{
        {"type", "custom"}, {"name", name}, {"input_schema", object_schema(parameters)}};
    if (const auto* description = find(function, "description")) {
        tool["description"] = *description;
    }
    return tool;
}

void copy_options(const json::object& from, json::object& to) {
    for (const auto option : kToolOptions) {
        if (const auto* value = find(from, option)) to[option] = *value;
    }
}

Result<json::object> mcp_server(const json::object& tool, const std::string& place) {
    const auto url = text(tool, "server_url");
    if (url.empty())
        return bad_request(place + ".server_url", "must be a string that is not empty");
    json::object server{{"type", "url"}, {"url", url}, {"name", text(tool, "server_label", "mcp")}};
    if (const auto* allowed = find(tool, "allowed_tools")) {
        server["tool_configuration"] = json::object{{"allowed_tools", *allowed}};
    }
    if (const auto* headers = find_object(tool, "headers")) {
        auto token = text(*headers, "Authorization");
        if (token.starts_with("Bearer ")) token.remove_prefix(7);
        if (!token.empty()) server["authorization_token"] = token;
    }
    return server;
}

// Anthropic's computer tool written as a function carries its display size in the parameters.
json::object hosted_tool(const json::object& tool) {
    json::object hosted = tool;
    const auto* function = find_object(tool, "function");
    if (!function) return hosted;
    hosted.erase("function");
    if (const auto* name = find(*function, "name")) hosted["name"] = *name;
    if (const auto* parameters = find_object(*function, "parameters")) {
        for (const auto& option : *parameters) hosted[option.key()] = option.value();
    }
    copy_options(*function, hosted);
    if (!hosted.contains("name") && text(tool, "type").starts_with("computer_")) {
        hosted["name"] = "computer";
    }
    return hosted;
}

Result<void> add_tool(const json::object& tool, const std::string& place, Tools& to, Betas& betas) {
    const auto type = text(tool, "type");
    if (type == "mcp" || type == "url") {
        betas.add(kMcpBeta);
        auto server = type == "url" ? Result<json::object>(tool) : mcp_server(tool, place);
        if (!server) return server.error();
        to.mcp_servers.emplace_back(std::move(*server));
        return {};
    }
    for (const auto& known : kToolBetas) {
        if (type.starts_with(known.type_prefix)) betas.add(known.beta);
    }
    const bool native = tool.contains("input_schema");
    if (native || (!type.empty() && type != "function" && type != "custom")) {
        to.tools.emplace_back(native ? tool : hosted_tool(tool));
        return {};
    }
    const auto* function = find_object(tool, "function");
    // Some clients write its members beside the type, as in the Responses API.
    const bool flat = !function && tool.contains("name");
    if (!function && !flat) return bad_request(place + ".function", "must be an object");
    auto translated =
        flat ? function_tool(tool, place) : function_tool(*function, place + ".function");
    if (!translated) return translated.error();
    if (function) copy_options(*function, *translated);
    copy_options(tool, *translated);
    if (translated->contains("defer_loading") || translated->contains("input_examples")) {
        betas.add("advanced-tool-use-2025-11-20");
    }
    to.tools.emplace_back(std::move(*translated));
    return {};
}

Result<json::object> named_choice(const json::object& choice) {
    const auto type = text(choice, "type");
    if (type == "auto" || type == "any" || type == "none") return json::object{{"type", type}};
    if (type == "required") return json::object{{"type", "any"}};
    if (type == "allowed_tools") {
        const auto* allowed = find_object(choice, "allowed_tools");
        const bool required = allowed && text(*allowed, "mode") == "required";
        return json::object{{"type", required ? "any" : "auto"}};
    }
    const auto* function = find_object(choice, "function");
    const auto name = function ? text(*function, "name") : text(choice, "name");
    if (name.empty()) return bad_request("tool_choice", "must name a function");
    return json::object{{"type", "tool"}, {"name", name}};
}

}  // namespace

Result<Tools> translate_tools(const json::value& tools, Betas& betas) {
    const auto* list = tools.if_array();
    if (!list) return bad_request("tools", "must be an array");
    Tools result;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto place = "tools[" + std::to_string(i) + "]";
        const auto* tool = (*list)[i].if_object();
        if (!tool) return bad_request(place, "must be an object");
        if (auto added = add_tool(*tool, place, result, betas); !added) return added.error();
    }
    return result;
}

Result<json::array> translate_functions(const json::value& functions) {
    const auto* list = functions.if_array();
    if (!list) return bad_request("functions", "must be an array");
    json::array tools;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const auto place = "functions[" + std::to_string(i) + "]";
        const auto* function = (*list)[i].if_object();
        if (!function) return bad_request(place, "must be an object");
        auto tool = function_tool(*function, place);
        if (!tool) return tool.error();
        tools.emplace_back(std::move(*tool));
    }
    return tools;
}

Result<json::value> translate_tool_choice(const json::value* choice, const json::value* parallel) {
    json::object chosen;
    if (const auto* word = choice ? choice->if_string() : nullptr) {
        if (*word == "required" || *word == "any") {
            chosen["type"] = "any";
        } else if (*word == "auto" || *word == "none") {
            chosen["type"] = *word;
        } else {
            return bad_request("tool_choice", "must be none, auto, required or a named tool");
        }
    } else if (const auto* object = choice ? choice->if_object() : nullptr) {
        auto named = named_choice(*object);
        if (!named) return named.error();
        chosen = std::move(*named);
    } else if (choice) {
        return bad_request("tool_choice", "must be a string or an object");
    }
    if (parallel) {
        if (!parallel->is_bool()) return bad_request("parallel_tool_calls", "must be a boolean");
        if (chosen.empty()) chosen["type"] = "auto";
        if (text(chosen, "type") != "none") {
            chosen["disable_parallel_tool_use"] = !parallel->get_bool();
        }
    }
    if (chosen.empty()) return json::value(nullptr);
    return chosen;
}

void keep_allowed(const json::value* choice, json::array& tools) {
    const auto* object = choice ? choice->if_object() : nullptr;
    if (!object || text(*object, "type") != "allowed_tools") return;
    const auto* inner = find_object(*object, "allowed_tools");
    const auto* allowed = find_array(inner ? inner : object, "tools");
    if (!allowed || allowed->empty()) return;
    std::unordered_set<std::string_view> names;
    for (const auto& one : *allowed) {
        const auto* named = one.if_object();
        const auto* function = named ? find_object(*named, "function") : nullptr;
        if (named) names.insert(text(function ? *function : *named, "name"));
    }
    json::array kept;
    for (auto& tool : tools) {
        if (names.count(text(tool.get_object(), "name")) > 0) kept.push_back(std::move(tool));
    }
    tools = std::move(kept);
}

bool forces_a_call(const json::value& choice) {
    const auto chosen = translate_tool_choice(&choice, nullptr);
    const auto* object = chosen ? chosen->if_object() : nullptr;
    const auto type = object ? text(*object, "type") : std::string_view();
    return type == "any" || type == "tool";
}

json::object web_search_tool(const json::object& options) {
    json::object tool{{"type", "web_search_20250305"}, {"name", "web_search"}};
    const auto* user = find_object(options, "user_location");
    if (const auto* place = user ? find_object(*user, "approximate") : nullptr) {
        json::object location{{"type", "approximate"}};
        for (const std::string_view part : {"city", "country", "region", "timezone"}) {
            if (const auto* value = find(*place, part)) location[part] = *value;
        }
        tool["user_location"] = std::move(location);
    }
    // How many searches LiteLLM lets each context size make.
    const auto size = text(options, "search_context_size");
    if (size == "low") tool["max_uses"] = 1;
    if (size == "medium") tool["max_uses"] = 5;
    if (size == "high") tool["max_uses"] = 10;
    return tool;
}

json::object placeholder_tool() {
    return {{"type", "custom"},
            {"name", "unavailable_tool"},
            {"description", "Not available any more. Do not call."},
            {"input_schema", object_schema(nullptr)}};
}

json::object object_schema(const json::value* schema) {
    json::object object;
    if (const auto* given = schema ? schema->if_object() : nullptr) object = *given;
    if (!object.contains("type")) object["type"] = "object";
    if (!schema || object.size() == 1) object.insert({{"properties", json::object()}});
    return object;
}

}  // namespace patchbay::anthropic
