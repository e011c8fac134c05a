// Tested by allowed_tools_test.cpp.
#include "allowed_tools.hpp"

#include <unordered_set>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

// Of a tool, or of its name in a choice: in chat's form or in that of the Responses API.
std::string_view name_of_tool(const json::value& tool) {
    const json::object* object = tool.if_object();
    if (object == nullptr) return {};
    const json::object* function = shared::find_object(*object, "function");
    return shared::text(function != nullptr ? *function : *object, "name");
}

}  // namespace

std::optional<AllowedTools> allowed_tools(std::string_view tool_choice) {
    if (!shared::mentions(tool_choice, "allowed_tools")) return std::nullopt;
    const auto value = shared::parse_json(tool_choice);
    const json::object* choice = value ? value->if_object() : nullptr;
    if (choice == nullptr || shared::text(*choice, "type") != "allowed_tools") return std::nullopt;
    const json::object* inner = shared::find_object(*choice, "allowed_tools");
    const json::object& said = inner != nullptr ? *inner : *choice;
    const json::array* tools = shared::find_array(said, "tools");
    if (tools == nullptr) return std::nullopt;
    AllowedTools allowed;
    allowed.mode = shared::text(said, "mode") == "required" ? "\"required\"" : "\"auto\"";
    for (const json::value& tool : *tools) {
        if (const auto name = name_of_tool(tool); !name.empty()) allowed.names.emplace_back(name);
    }
    if (allowed.names.empty()) return std::nullopt;
    return allowed;
}

std::string only_allowed(const AllowedTools& allowed, std::string_view tools) {
    auto value = shared::parse_json(tools);
    json::array* list = value ? value->if_array() : nullptr;
    const std::unordered_set<std::string_view> names(allowed.names.begin(), allowed.names.end());
    json::array kept;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if (names.count(name_of_tool((*list)[i])) > 0) kept.push_back(std::move((*list)[i]));
    }
    return kept.empty() ? std::string(tools) : json_tree::write(kept);
}

}  // namespace patchbay::openai
