// SPDX-License-Identifier: Apache-2.0
#include "claude_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "account.hpp"
#include "anthropic/headers.hpp"

namespace patchbay::snowflake {

namespace {

namespace json = anthropic::json;

// A text of one piece stands alone, as in Cortex's own examples, and as LiteLLM sends it.
void alone(json::value& content) {
    auto* list = content.if_array();
    auto* block = list && list->size() == 1 ? list->front().if_object() : nullptr;
    const bool plain = block && block->size() == 2 && anthropic::text(*block, "type") == "text";
    auto* words = plain ? block->if_contains("text") : nullptr;
    if (!words || !words->is_string()) return;
    json::value text = std::move(*words);
    content = std::move(text);
}

// A tool without a type is a custom one; Cortex's own examples have no types.
void untyped(json::value& tool) {
    auto* object = tool.if_object();
    if (object && anthropic::text(*object, "type") == "custom") object->erase("type");
}

std::string cortex_body(std::string_view messages_request) {
    auto body = anthropic::parse_json(messages_request);
    auto* messages =
        body && body->is_object() ? body->get_object().if_contains("messages") : nullptr;
    if (!messages || !messages->is_array()) return std::string(messages_request);
    for (auto& message : messages->get_array()) {
        if (auto* content = message.get_object().if_contains("content")) alone(*content);
    }
    auto* tools = body->get_object().if_contains("tools");
    if (tools && tools->is_array()) {
        for (auto& tool : tools->get_array()) untyped(tool);
    }
    return anthropic::to_text(*body);
}

}  // namespace

bay_status ClaudeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto parsed = anthropic::parse_json(bay::sv(request.target->params));
    const auto* told = parsed ? parsed->if_object() : nullptr;
    const auto settings = told ? *told : anthropic::json::object();
    auto call = machine_.begin(request, settings);
    if (!call) return anthropic::report(call.error(), out);
    call->dropped.tell(out);
    body_ = cortex_body(call->body);
    bay::HttpRequest http("POST", messages_url(bay::sv(request.target->base_url)));
    bool authorized = false;
    for (const auto& [name, value] : anthropic::messages_headers(
             {}, settings, request.headers, request.header_count, std::move(call->betas))) {
        authorized = authorized || name == "authorization";
        http.header(name, value);
    }
    if (!authorized) {
        http.header("authorization",
                    std::string("Bearer ").append(bay::sv(request.target->api_key)));
    }
    http.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(body_);
    if ((request.flags & BAY_REQ_STREAM) != 0) http.decode(BAY_DECODE_SSE);
    return http.send(out);
}

}  // namespace patchbay::snowflake
