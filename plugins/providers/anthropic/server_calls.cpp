// SPDX-License-Identifier: Apache-2.0
#include "server_calls.hpp"

#include <utility>

namespace patchbay::anthropic {

bool is_search(std::string_view tool) {
    return tool == "web_search";
}

json::object server_call(std::string_view id, std::string_view tool, std::string_view input,
                         std::uint64_t index) {
    return {{"id", id},
            {"type", "function"},
            {"function", {{"name", tool}, {"arguments", input}}},
            {"index", index}};
}

json::object search_call(std::string_view id, std::string_view input) {
    const auto parsed = parse_json(input);
    const auto* object = parsed ? parsed->if_object() : nullptr;
    const auto query = object ? text(*object, "query") : std::string_view();
    json::array queries;
    if (!query.empty()) queries.emplace_back(query);
    return {{"id", "ws_" + std::string(id)},
            {"type", "web_search_call"},
            {"status", "in_progress"},
            {"action",
             {{"type", "search"},
              {"query", query},
              {"queries", std::move(queries)},
              {"sources", json::array()}}}};
}

void end_search(const json::object& block, json::object& search) {
    search["status"] = "completed";
    const auto* found = find_array(block, "content");
    if (!found) return;  // an error
    auto& sources = search["action"].as_object()["sources"].as_array();
    for (const auto& result : *found) {
        const auto* page = result.if_object();
        if (page) sources.emplace_back(json::object{{"type", "url"}, {"url", text(*page, "url")}});
    }
}

}  // namespace patchbay::anthropic
