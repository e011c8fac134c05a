// SPDX-License-Identifier: Apache-2.0
#include "tools.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "anthropic/tools.hpp"
#include "blocks.hpp"
#include "tool_schema.hpp"

namespace patchbay::bedrock {

namespace {

constexpr std::string_view kFreeText = "input";
constexpr std::string_view kSystemTool = "system_tool";
constexpr std::string_view kGrounding = "nova_grounding";  // Nova's search of the web

// Of Anthropic's own tools those that the client runs; its servers' are not there on Bedrock.
constexpr std::array<std::string_view, 4> kClaudes{"computer_", "bash_", "text_editor_", "memory_"};

Failure nobody_runs(std::string_view type) {
    Failure failure;
    failure.cls = BAY_ERR_UNSUPPORTED;
    failure.message = "tools: nobody runs \"";
    failure.message.append(type).append("\" on Bedrock");
    failure.type = "invalid_request_error";
    failure.param = "tools";
    failure.retry = BAY_RETRY_OTHER;
    return failure;
}

// A tool of free text as a function; a grammar is advice.
json::object function_of_custom(const json::object& custom) {
    std::string description(text(custom, "description"));
    if (!description.empty()) description += "\n";
    description += "Its input is raw text, not JSON.";
    const auto* format = find_object(custom, "format");
    const auto* grammar = format ? find_object(*format, "grammar") : nullptr;
    const auto definition = text(grammar ? grammar : format, "definition");
    if (!definition.empty()) description.append(" It follows this grammar:\n").append(definition);
    return {{"name", text(custom, "name")},
            {"description", description},
            {"parameters",
             {{"type", "object"},
              {"properties", json::object{{kFreeText, {{"type", "string"}}}}},
              {"required", json::array{kFreeText}}}}};
}

json::array with_functions(const json::array& tools) {
    json::array made;
    for (const auto& value : tools) {
        const auto* tool = value.if_object();
        const auto* custom =
            tool && text(*tool, "type") == "custom" ? find_object(*tool, "custom") : nullptr;
        if (custom) {
            made.emplace_back(
                json::object{{"type", "function"}, {"function", function_of_custom(*custom)}});
        } else {
            made.push_back(value);
        }
    }
    return made;
}

bool is_function(const json::object& tool) {
    return tool.contains("input_schema");
}

bool is_claudes(std::string_view type) {
    return std::any_of(kClaudes.begin(), kClaudes.end(),
                       [&](std::string_view begin) { return type.starts_with(begin); });
}

Result<void> check_kinds(const json::array& tools, const Family& family) {
    for (const auto& value : tools) {
        const auto& tool = value.get_object();
        const auto type = text(tool, "type");
        if (is_function(tool) || type == kSystemTool) continue;
        if (!family.claude() || !is_claudes(type)) return nobody_runs(type);
    }
    return {};
}

// "strict" of OpenAI's functions is Converse's, too, and not Anthropic's.
void mark_strict(const json::array& given, json::array& tools) {
    for (const auto& value : given) {
        const auto* tool = value.if_object();
        const auto* function = tool ? find_object(*tool, "function") : nullptr;
        if (!function || !is_true(function, "strict")) continue;
        for (auto& made : tools) {
            auto& object = made.get_object();
            if (text(object, "name") == text(*function, "name")) object["strict"] = true;
        }
    }
}

json::object spec_of(json::object& tool, const Family& family) {
    json::object spec{{"name", std::move(tool["name"])}};
    if (const auto* description = find(tool, "description")) {
        const auto* words = description->if_string();
        if (words && !words->empty()) spec["description"] = *words;  // it must not be empty
    }
    spec["inputSchema"] = json::object{
        {"json", tool_schema(std::move(tool["input_schema"].get_object()), !family.claude())}};
    if (is_true(&tool, "strict")) spec["strict"] = true;
    return spec;
}

json::value choice_of(const json::object& choice, const Family& family, std::size_t tools) {
    const auto type = text(choice, "type");
    if (family.choice == Choice::none || type == "none") return nullptr;
    if (type == "any" || (type == "tool" && family.choice == Choice::any && tools == 1)) {
        return {{"any", json::object()}};
    }
    if (type == "tool") return {{"tool", {{"name", text(choice, "name")}}}};
    return {{"auto", json::object()}};
}

}  // namespace

Result<void> set_tools(const json::object& client, const Family& family, bool has_tool_blocks,
                       json::object& body, anthropic::Betas& betas) {
    json::array tools;
    if (const auto* given = find(client, "tools")) {
        const auto* list = given->if_array();
        if (!list) return bad_request("tools", "must be an array");
        const json::array functions = with_functions(*list);
        auto translated = anthropic::translate_tools(json::value(functions), betas);
        if (!translated) return translated.error();
        if (!translated->mcp_servers.empty()) return nobody_runs("mcp");
        tools = std::move(translated->tools);
        mark_strict(functions, tools);
    } else if (const auto* functions = find(client, "functions")) {
        auto translated = anthropic::translate_functions(*functions);
        if (!translated) return translated.error();
        tools = std::move(*translated);
    }
    if (auto checked = check_kinds(tools, family); !checked) return checked;
    if (find(client, "web_search_options")) {
        tools.emplace_back(json::object{{"type", kSystemTool}, {"name", kGrounding}});
    }
    const auto* choice = find(client, "tool_choice");
    if (!choice) choice = find(client, "function_call");
    anthropic::keep_allowed(choice, tools);
    auto chosen = anthropic::translate_tool_choice(choice, find(client, "parallel_tool_calls"));
    if (!chosen) return chosen.error();
    const bool forbidden = text(chosen->if_object(), "type") == "none";
    if (forbidden && has_tool_blocks && !tools.empty()) {
        return bad_request("tool_choice", "calls of tools cannot be forbidden behind earlier ones");
    }
    if (forbidden) tools.clear();
    if (tools.empty() && has_tool_blocks) {
        tools.emplace_back(anthropic::placeholder_tool());
        *chosen = nullptr;
    }
    if (tools.empty()) return {};
    body["tools"] = std::move(tools);
    if (!chosen->is_null()) body["tool_choice"] = std::move(*chosen);
    return {};
}

void write_tools(json::object& body, const Model& model, json::object& converse,
                 json::object& fields) {
    auto* given = body.if_contains("tools");
    if (!given) return;
    json::array tools;
    json::array own;
    std::size_t functions = 0;
    for (auto& value : given->get_array()) {
        auto& tool = value.get_object();
        const auto* mark = find(tool, "cache_control");
        const json::value cache = mark ? *mark : json::value();
        if (is_function(tool)) {
            tools.emplace_back(json::object{{"toolSpec", spec_of(tool, *model.family)}});
            ++functions;
        } else if (text(tool, "type") == kSystemTool) {
            tools.emplace_back(json::object{{"systemTool", {{"name", text(tool, "name")}}}});
        } else {
            own.push_back(std::move(value));
            continue;
        }
        if (!cache.is_null() && model.family->cache) tools.emplace_back(cache_point(cache, model));
    }
    if (!own.empty()) fields["tools"] = std::move(own);
    if (tools.empty()) return;
    json::object config{{"tools", std::move(tools)}};
    const auto* choice = find_object(body, "tool_choice");
    if (choice) {
        auto chosen = choice_of(*choice, *model.family, functions);
        // What says nothing but how many calls there may be is Claude's own.
        const bool alone =
            text(*choice, "type") == "auto" && choice->contains("disable_parallel_tool_use");
        if (!chosen.is_null() && !alone) config["toolChoice"] = std::move(chosen);
        if (model.family->claude() && choice->contains("disable_parallel_tool_use")) {
            fields["tool_choice"] = *choice;
        }
    }
    converse["toolConfig"] = std::move(config);
}

}  // namespace patchbay::bedrock
