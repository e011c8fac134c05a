// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "cache_marks.hpp"
#include "messages.hpp"
#include "model.hpp"
#include "parameter_rules.hpp"
#include "thinking.hpp"
#include "tools.hpp"

namespace patchbay::anthropic {

namespace {

Result<void> set_tools(const json::object& client, bool has_tool_blocks, json::object& body,
                       Betas& betas) {
    json::array tools;
    json::array servers;
    if (const auto* given = find_array(client, "mcp_servers")) {
        servers = *given;
        betas.add("mcp-client-2025-04-04");
    }
    if (const auto* given = find(client, "tools")) {
        auto translated = translate_tools(*given, betas);
        if (!translated) return translated.error();
        tools = std::move(translated->tools);
        for (auto& server : translated->mcp_servers) servers.push_back(std::move(server));
    } else if (const auto* functions = find(client, "functions")) {
        auto translated = translate_functions(*functions);
        if (!translated) return translated.error();
        tools = std::move(*translated);
    }
    const auto* choice = find(client, "tool_choice");
    keep_allowed(choice, tools);
    if (const auto* options = find(client, "web_search_options")) {
        if (!options->is_object()) return bad_request("web_search_options", "must be an object");
        tools.emplace_back(web_search_tool(options->get_object()));
    }
    if (!servers.empty()) body["mcp_servers"] = std::move(servers);

    if (!choice) choice = find(client, "function_call");
    auto chosen = translate_tool_choice(choice, find(client, "parallel_tool_calls"));
    if (!chosen) return chosen.error();
    if (tools.empty() && has_tool_blocks && !body.contains("mcp_servers")) {
        tools.emplace_back(placeholder_tool());
        *chosen = json::object{{"type", "none"}};
    }
    if (tools.empty()) return {};  // a choice among none is refused
    body["tools"] = std::move(tools);
    if (!chosen->is_null()) body["tool_choice"] = std::move(*chosen);
    return {};
}

Result<void> set_sampling(const json::object& client, json::object& body) {
    if (const auto* stop = find(client, "stop")) {
        auto sequences = translate_stop(*stop);
        if (!sequences) return sequences.error();
        if (!sequences->empty()) body["stop_sequences"] = std::move(*sequences);
    }
    for (const std::string_view name : {"temperature", "top_p", "top_k"}) {
        const auto* value = find(client, name);
        if (value && !is_number(*value)) return bad_request(std::string(name), "must be a number");
    }
    if (const auto tier = text(client, "service_tier"); !tier.empty()) {
        body["service_tier"] = tier == "default" ? "standard_only" : tier;
    }
    if (auto metadata = user_metadata(client); !metadata.empty()) {
        body["metadata"] = std::move(metadata);
    }
    return {};
}

void read_betas(const json::value* names, Betas& betas) {
    if (!names) return;
    if (const auto* list = names->if_string()) betas.add_list(*list);
    if (const auto* list = names->if_array()) {
        for (const auto& name : *list) {
            if (const auto* string = name.if_string()) betas.add_list(*string);
        }
    }
}

// Features that a member of the request, passed as it is, belongs to.
void note_betas_of_body(const json::object& body, Betas& betas) {
    if (body.contains("context_management")) betas.add("context-management-2025-06-27");
    const auto* container = find_object(body, "container");
    if (container && container->contains("skills")) betas.add("skills-2025-10-02");
    if (body.contains("output_format")) betas.add("structured-outputs-2025-11-13");
    if (text(body, "speed") == "fast") betas.add("fast-mode-2026-02-01");
}

void pass_unknown(json::object& client, std::string_view allowed, json::object& body) {
    for (auto& member : client) {
        const std::string_view name = member.key();
        const bool allowed_as_is = name == "n" && bay::list_has(allowed, name);
        if (member.value().is_null() || is_gateway_own(name)) continue;
        if ((is_translated(name) && !allowed_as_is) || body.contains(name)) continue;
        body.emplace(name, std::move(member.value()));
    }
}

}  // namespace

Result<Call> translate_request(std::string_view client_json, const RequestOptions& given_options) {
    auto parsed = parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    auto& client = parsed->get_object();
    Call call;
    if (given_options.cache_points) inject_cache_marks(*given_options.cache_points, client);
    read_betas(find(client, "anthropic_beta"), call.betas);
    if (const auto* headers = find_object(client, "extra_headers")) {
        read_betas(find(*headers, "anthropic-beta"), call.betas);
    }
    auto options = given_options;
    options.interleaved = options.interleaved || call.betas.has(kInterleavedThinking);
    const auto thinking = settle_parameters(client, options, call.dropped);
    if (!thinking) return thinking.error();

    const bool prefill = traits_of(options.model).prefill && !thinking->on;
    auto conversation = translate_messages(find(client, "messages"), prefill, call.betas);
    if (!conversation) return conversation.error();
    json::object body{{"model", options.model}, {"messages", std::move(conversation->messages)}};
    if (!conversation->system.empty()) body["system"] = std::move(conversation->system);
    call.prefix = std::move(conversation->prefix);

    if (auto set = apply_thinking(*thinking, client, options, body); !set) return set.error();
    auto tools = set_tools(client, conversation->has_tool_blocks, body, call.betas);
    if (!tools) return tools.error();
    JsonTool json;
    if (const auto* format = find(client, "response_format")) {
        auto translated = json_tool(*format);
        if (!translated) return translated.error();
        json = std::move(*translated);
    }
    const bool json_answer = json.mode != JsonMode::off;
    call.tool_names = ToolNames::rename(body, json_answer ? kJsonToolName : std::string_view());
    // An answer whose beginning is given cannot be of a schema.
    const bool structured = json_answer && options.output_format &&
                            traits_of(options.model).structured && call.prefix.empty() &&
                            !client.contains("output_format") &&
                            apply_structured_output(json, body);
    call.json_mode = structured ? JsonMode::native : json.mode;
    if (json_answer && !structured) apply_json_tool(std::move(json), thinking->on, body);
    if (auto set = set_sampling(client, body); !set) return set.error();
    limit_cache_marks(body);
    if (options.stream) body["stream"] = true;

    pass_unknown(client, options.allowed_params, body);
    if (auto* extra = find(client, "extra_body"); extra && extra->is_object()) {
        pass_unknown(extra->get_object(), options.allowed_params, body);
    }
    note_betas_of_body(body, call.betas);
    call.body = to_text(json::value(std::move(body)));
    return call;
}

}  // namespace patchbay::anthropic
