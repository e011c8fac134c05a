// SPDX-License-Identifier: Apache-2.0
#include "claude_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/clouds.hpp"
#include "anthropic/headers.hpp"

namespace patchbay::vertex_ai {

std::string claude_body(std::string_view messages_request) {
    auto body = google::parse_json(messages_request);
    if (!body || !body->is_object()) return {};
    body->get_object().erase("model");
    anthropic::fit_body(body->get_object());
    body->get_object()["anthropic_version"] = kClaudeVersion;
    return google::to_text(*body);
}

void add_features_of_tools(std::string_view messages_request, anthropic::Betas& betas) {
    // "Claude on Vertex AI", web search.
    constexpr std::string_view kSearch = "\"web_search_20";
    if (shared::mentions(messages_request, kSearch)) betas.add("web-search-2025-03-05");
}

bay_status ClaudeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    auto call = machine_.begin(request, deployment().settings());
    if (!call) return anthropic::report(call.error(), out);
    const auto operators = anthropic::named_betas(deployment().settings(), nullptr, 0);
    auto betas = anthropic::betas_at(anthropic::Cloud::vertex_ai, call->betas, operators,
                                     call->body, call->dropped);
    add_features_of_tools(call->body, betas);
    call->dropped.tell(out);
    body_ = claude_body(call->body);
    betas_ = betas.joined();
    return start(out);
}

bay_status ClaudeExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json");
    if (!betas_.empty()) call.header("anthropic-beta", betas_);
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(body_);
    if (streamed_) call.decode(BAY_DECODE_SSE);
    return call.send(out);
}

}  // namespace patchbay::vertex_ai
