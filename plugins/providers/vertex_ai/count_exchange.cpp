// SPDX-License-Identifier: Apache-2.0
#include "count_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "anthropic/clouds.hpp"
#include "anthropic/count_exchange.hpp"
#include "anthropic/headers.hpp"
#include "claude_exchange.hpp"

namespace patchbay::vertex_ai {

bay_status CountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    google::RequestOptions options;
    options.provider = "vertex_ai";
    if (auto begun = machine_.begin(request, options); !begun) {
        return google::report(begun.error(), out);
    }
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    return start(out);
}

bay_status ClaudeCountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    const auto& settings = deployment().settings();
    auto call = chat_.begin(request, settings);
    if (!call) return anthropic::report(call.error(), out);
    const auto operators = anthropic::named_betas(settings, nullptr, 0);
    auto betas = anthropic::betas_at(anthropic::Cloud::vertex_ai, call->betas, operators,
                                     call->body, call->dropped);
    add_features_of_tools(call->body, betas);
    call->dropped.tell(out);
    auto body = google::parse_json(anthropic::counted_body(call->body));
    anthropic::fit_body(body->get_object());
    body->get_object()["model"] = deployment().model();
    body_ = google::to_text(*body);
    betas_ = betas.joined();
    return start(out);
}

bay_status ClaudeCountExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json");
    if (!betas_.empty()) call.header("anthropic-beta", betas_);
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).decode(BAY_DECODE_BUFFER).body_view(body_);
    return call.send(out);
}

}  // namespace patchbay::vertex_ai
