// SPDX-License-Identifier: Apache-2.0
#include "messages_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "anthropic/clouds.hpp"
#include "claude_exchange.hpp"

namespace patchbay::vertex_ai {

bay_status MessagesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    answer_.emplace(anthropic::kMessagesApi, "Google", streamed_);
    body_.emplace(request);
    if (what_ == What::count) {
        body_->set("model", bay::json_quote(deployment().model()));
    } else {
        body_->drop("model");  // the address says it
        if (body_->value("anthropic_version").empty()) {
            body_->add("anthropic_version", bay::json_quote(kClaudeVersion));
        }
    }
    anthropic::fit_body(bay::sv(request.json), *body_);
    segments_ = body_->segments();
    bay::Dropped dropped;
    auto betas =
        anthropic::betas_at(anthropic::Cloud::vertex_ai, request, deployment().settings(), dropped);
    if (what_ == What::message) dropped.tell(out);
    add_features_of_tools(bay::sv(request.json), betas);
    betas_ = betas.joined();
    return start(out);
}

std::string MessagesExchange::url() {
    if (what_ == What::count) return deployment().counting_url();
    return deployment().url(streamed_ ? "streamRawPredict" : "rawPredict");
}

bay_status MessagesExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json");
    if (!betas_.empty()) call.header("anthropic-beta", betas_);
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    call.decode(streamed_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(segments_);
    return call.send(out);
}

}  // namespace patchbay::vertex_ai
