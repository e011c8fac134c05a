#include "engine/surface/openai/response_items.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/body_edit.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/envelope.hpp"
#include "engine/surface/hub/usage.hpp"
#include "engine/surface/openai/custom_tools.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::surface {

namespace {

// What a response tells of its request, and what it tells if the request said nothing or null.
struct Echoed {
    std::string_view name;
    std::string_view otherwise;
};
constexpr std::array kEchoed{
    Echoed{"instructions", "null"},
    Echoed{"max_output_tokens", "null"},
    Echoed{"max_tool_calls", "null"},
    Echoed{"metadata", "{}"},
    Echoed{"parallel_tool_calls", "true"},
    Echoed{"prompt_cache_key", "null"},
    Echoed{"reasoning", R"({"effort":null,"summary":null})"},
    Echoed{"safety_identifier", "null"},
    Echoed{"temperature", "1.0"},
    Echoed{"text", R"({"format":{"type":"text"}})"},
    Echoed{"tool_choice", R"("auto")"},
    Echoed{"tools", "[]"},
    Echoed{"top_logprobs", "0"},
    Echoed{"top_p", "1.0"},
    Echoed{"truncation", R"("disabled")"},
    Echoed{"user", "null"},
};

void append_member(std::string& text, std::string_view name, std::string_view json) {
    text.append(",\"").append(name).append("\":").append(json);
}

void append_string_member(std::string& text, std::string_view name, std::string_view words) {
    text.append(",\"").append(name).append("\":");
    json_tree::append_string(words, text);
}

std::string_view or_null(std::string_view json) {
    return json.empty() ? std::string_view("null") : json;
}

}  // namespace

std::string echo_of(std::span<const bay_member> members) {
    std::string text;
    for (const Echoed& row : kEchoed) {
        const bay_member* member = find_member(members, row.name);
        const auto told = member ? bay::sv(member->value) : std::string_view("null");
        if (!text.empty()) text += ',';
        text.append("\"").append(row.name).append("\":");
        text += told == "null" ? row.otherwise : told;
    }
    return text;
}

std::string_view id_seed(const ResponseRequest& request, std::string_view chat_id) {
    return request.id.empty() ? bare_id(chat_id) : std::string_view(request.id);
}

std::string response_text(const ResponseRequest& request, const ResponseState& state) {
    std::string text = "{\"id\":";
    json_tree::append_string(item_id("resp_", id_seed(request, state.id)), text);
    text.append(R"(,"object":"response","created_at":)").append(std::to_string(state.created_at));
    append_string_member(text, "status", state.status);
    text.append(R"(,"background":false)");
    append_member(text, "error", or_null(state.error));
    text.append(R"(,"incomplete_details":)");
    if (state.incomplete.empty()) {
        text += "null";
    } else {
        text.append(R"({"reason":")").append(state.incomplete).append("\"}");
    }
    append_string_member(text, "model", request.model);
    append_member(text, "output", state.output);
    if (request.previous.empty()) {
        append_member(text, "previous_response_id", "null");
    } else {
        append_string_member(text, "previous_response_id", request.previous);
    }
    append_member(text, "store", request.id.empty() ? "false" : "true");
    if (!state.service_tier.empty()) {
        append_string_member(text, "service_tier", state.service_tier);
    }
    text.append(",").append(request.echo);
    append_member(text, "usage", or_null(state.usage));
    return text += '}';
}

ResponseEnd response_end(std::string_view finish_reason) {
    if (finish_reason == "length") return {"incomplete", "max_output_tokens"};
    if (finish_reason == "content_filter") return {"incomplete", "content_filter"};
    return {};
}

std::string response_usage(const json::object* usage) {
    const auto counts = usage_of(usage);
    if (!counts) return {};
    std::string text;
    const auto add = [&text](std::string_view before, std::uint64_t count) {
        text.append(before).append(std::to_string(count));
    };
    add(R"({"input_tokens":)", counts->prompt);
    add(R"(,"input_tokens_details":{"cached_tokens":)", counts->cached);
    if (counts->cache_creation > 0) add(R"(,"cache_write_tokens":)", counts->cache_creation);
    add(R"(},"output_tokens":)", counts->completion);
    add(R"(,"output_tokens_details":{"reasoning_tokens":)", counts->reasoning);
    add(R"(},"total_tokens":)", counts->total);
    return text += '}';
}

json::object reasoning_item(std::string_view id, std::string_view thought,
                            const json::array& thinking) {
    json::array summary;
    if (!thought.empty()) summary.push_back({{"type", "summary_text"}, {"text", thought}});
    json::object item{{"id", id}, {"type", "reasoning"}, {"summary", std::move(summary)}};
    if (!thinking.empty()) {
        item["encrypted_content"] = sealed(kOfMessages, json_tree::write(thinking));
    }
    return item;
}

json::object message_item(std::string_view id, json::array content, std::string_view status) {
    return {{"id", id},
            {"type", "message"},
            {"status", status},
            {"role", "assistant"},
            {"content", std::move(content)}};
}

json::object text_part_of(std::string_view words, json::array annotations, json::array logprobs) {
    return {{"type", "output_text"},
            {"text", words},
            {"annotations", std::move(annotations)},
            {"logprobs", std::move(logprobs)}};
}

json::object refusal_part_of(std::string_view words) {
    return {{"type", "refusal"}, {"refusal", words}};
}

CalledTool called_tool(const ResponseRequest& request, std::string_view sent) {
    const bool custom =
        std::find(request.custom.begin(), request.custom.end(), sent) != request.custom.end();
    const bool search = request.client_search && sent == kToolSearch;
    return {request.names.original(sent), request.names.group(sent), custom, search};
}

json::object call_item(std::string_view id, std::string_view call_id, const CalledTool& tool,
                       std::string_view arguments, std::string_view status) {
    json::object item{{"id", id},
                      {"type", tool.search   ? "tool_search_call"
                               : tool.custom ? "custom_tool_call"
                                             : "function_call"},
                      {"status", status},
                      {"call_id", call_id}};
    if (tool.search) {
        item["execution"] = "client";
        item["arguments"] = tool_input(arguments);
        return item;
    }
    if (!tool.group.empty()) item["namespace"] = tool.group;
    item["name"] = tool.name;
    item[tool.custom ? "input" : "arguments"] =
        tool.custom && !arguments.empty() ? custom_input(arguments) : std::string(arguments);
    return item;
}

json::object image_item(std::string_view id, const json::object& image) {
    const auto* place = find_object(image, "image_url");
    const auto url = place ? text(*place, "url") : std::string_view();
    const auto comma = url.find(',');
    if (!url.starts_with("data:") || comma == std::string_view::npos) return {};
    return {{"id", id},
            {"type", "image_generation_call"},
            {"status", "completed"},
            {"result", url.substr(comma + 1)}};
}

json::array flat_annotations(const json::object& message) {
    json::array flat;
    const auto* list = find_array(message, "annotations");
    if (!list) return flat;
    for (const auto& value : *list) {
        const auto* annotation = as_object(&value);
        if (!annotation) continue;
        const auto type = text(*annotation, "type");
        const auto* inner = find_object(*annotation, type);
        json::object written{{"type", type}};
        for (const auto& member : inner ? *inner : *annotation) {
            written[member.key()] = member.value();
        }
        flat.push_back(std::move(written));
    }
    return flat;
}

json::array logprobs_of(const json::object& choice) {
    const auto* logprobs = find_object(choice, "logprobs");
    const auto* content = logprobs ? find_array(*logprobs, "content") : nullptr;
    return content ? json::array(*content, json::storage_ptr()) : json::array();
}

}  // namespace patchbay::surface
