#include "chat_request.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/splice.hpp"
#include "patchbay/sdk/upstream.hpp"

namespace patchbay::cohere {

namespace json = boost::json;
using openai::Param;

namespace {

/// True if members of the name are sent in Cohere's words: what is allowed by name goes as it is.
bool is_ours(const bay_ev_request& request, std::string_view name) {
    return !bay::list_has(bay::sv(request.allowed_params), name);
}

/// What a tool_choice names: a function, or those of `allowed_tools`. Views into it.
std::unordered_set<std::string_view> named_tools(const json::object* choice) {
    std::unordered_set<std::string_view> names;
    const auto add = [&](const json::object* named) {
        const auto name = shared::text(shared::find_object(named, "function"), "name");
        if (!name.empty()) names.insert(name);
    };
    add(choice);
    const json::object* allowed = shared::find_object(choice, "allowed_tools");
    if (const json::array* tools = shared::find_array(allowed, "tools")) {
        for (const json::value& tool : *tools) add(tool.if_object());
    }
    return names;
}

/// The tools of these names; nothing if there is none.
std::optional<std::string> only_tools(std::string_view tools,
                                      const std::unordered_set<std::string_view>& names) {
    const auto list = shared::parse_json(tools);
    if (!list || !list->is_array()) return std::nullopt;
    json::array kept;
    for (const json::value& tool : list->get_array()) {
        const auto name = shared::text(shared::find_object(tool.if_object(), "function"), "name");
        if (names.count(name) == 0) continue;
        json::value copy = tool;
        copy.get_object().erase("cache_control");
        kept.push_back(std::move(copy));
    }
    if (kept.empty()) return std::nullopt;
    return json_tree::write(kept);
}

void write_tool_choice(bay::Splice& body) {
    const std::string_view choice = body.value("tool_choice");
    const std::string_view tools = body.value("tools");
    if (choice.empty()) return;
    if (choice == "\"none\"" && !tools.empty()) {
        body.replace("tool_choice", "\"NONE\"");
    } else if (choice == "\"required\"" && !tools.empty()) {
        body.replace("tool_choice", "\"REQUIRED\"");
    } else if (choice.front() == '{' && !tools.empty()) {
        const auto value = shared::parse_json(choice);
        const json::object* object = value ? value->if_object() : nullptr;
        if (const auto only = only_tools(tools, named_tools(object))) body.replace("tools", *only);
        const json::object* allowed = shared::find_object(object, "allowed_tools");
        if (shared::text(allowed, "mode") == "auto") {
            body.drop("tool_choice");
        } else {
            body.replace("tool_choice", "\"REQUIRED\"");
        }
    } else {
        body.drop("tool_choice");
    }
}

/// {"type": "enabled", "budget_tokens": n} with Cohere's name of the budget.
std::string thinking_of(std::string_view text) {
    const auto value = shared::parse_json(text);
    const json::object* object = value ? value->if_object() : nullptr;
    json::object thinking;
    const std::string_view type = shared::text(object, "type", "enabled");
    thinking["type"] = type == "disabled" ? "disabled" : "enabled";
    if (const json::value* budget = shared::find(object, "budget_tokens");
        budget != nullptr && type != "disabled") {
        thinking["token_budget"] = *budget;
    }
    return json_tree::write(thinking);
}

/// Both are left out already where the model does not think.
void write_thinking(bay::Splice& body) {
    const std::string_view thinking = body.value("thinking");
    const std::string_view effort = body.value("reasoning_effort");
    if (!thinking.empty() && thinking != "null") body.replace("thinking", thinking_of(thinking));
    if (effort.empty()) return;
    body.drop("reasoning_effort");
    if (effort == "null" || !thinking.empty()) return;
    body.add("thinking", effort == "\"none\"" ? R"({"type":"disabled"})" : R"({"type":"enabled"})");
}

}  // namespace

openai::Dialect own_dialect() {
    openai::Dialect dialect;
    dialect.provider = "cohere";
    dialect.base_url = "https://api.cohere.com";
    dialect.key_names = {"COHERE_API_KEY", "CO_API_KEY"};
    dialect.headers = {{"accept", "application/json"}};
    dialect.operations = {
        {BAY_OP_CHAT_COMPLETIONS},
        {BAY_OP_EMBEDDINGS},
        {BAY_OP_RERANK, "/v2/rerank", {"max_chunks_per_doc"}},
    };
    dialect.supported = {Param::stream,     Param::temperature,           Param::top_p,
                         Param::max_tokens, Param::max_completion_tokens, Param::stop,
                         Param::seed,       Param::frequency_penalty,     Param::presence_penalty,
                         Param::tools,      Param::tool_choice,           Param::n};
    dialect.renames = {{"max_completion_tokens", "max_tokens"},
                       {"top_p", "p"},
                       {"stop", "stop_sequences"},
                       {"n", "num_generations"}};
    dialect.models.push_back({.match = {"command-a-reasoning*", "command-a-plus*", "north-*"},
                              .also = {Param::thinking, Param::reasoning_effort}});
    dialect.stream_options = false;
    dialect.messages.drop_null_content = true;
    dialect.messages.assistant_members = {"role",       "content",   "name",
                                          "tool_calls", "tool_plan", "citations"};
    return dialect;
}

openai::Written<std::string> write_chat(const bay_ev_request& request,
                                        const openai::Dialect& dialect, bay::Dropped& dropped) {
    bay::Splice body(request);
    if (auto refusal = openai::write_body(request, dialect, body, &dropped)) return *refusal;
    if (is_ours(request, "tool_choice")) write_tool_choice(body);
    const auto supported = openai::supported_params(dialect, bay::sv(request.target->model));
    if (supported.has(Param::thinking) && is_ours(request, "thinking")) write_thinking(body);
    if (const std::string_view stop = body.value("stop"); stop.starts_with('"')) {
        body.replace("stop", std::string("[").append(stop).append("]"));
    }
    // The names of older models as LiteLLM has them: served by the same API.
    constexpr std::string_view kOld = "v1/";
    if (const std::string_view model = bay::sv(request.target->model); model.starts_with(kOld)) {
        body.set("model", bay::json_quote(model.substr(kOld.size())));
    }
    return body.text();
}

}  // namespace patchbay::cohere
