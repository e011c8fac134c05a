// SPDX-License-Identifier: Apache-2.0
#include "claude_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/clouds.hpp"
#include "anthropic/headers.hpp"
#include "errors.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {

ClaudeCall claude_call(std::string_view messages_request, const anthropic::Betas& betas) {
    auto parsed = parse_json(messages_request);
    auto* body = parsed ? parsed->if_object() : nullptr;
    if (!body) return {};
    ClaudeCall call{{}, take_headers(*body)};
    body->erase("model");
    body->erase("stream");
    anthropic::fit_body(*body);
    (*body)["anthropic_version"] = kClaudeVersion;
    if (!betas.names().empty()) {
        json::array names;
        for (const auto& name : betas.names()) names.emplace_back(name);
        (*body)["anthropic_beta"] = std::move(names);
    }
    call.body = to_text(*parsed);
    return call;
}

bay_status ClaudeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    auto call = machine_.begin(request, deployment().settings());
    if (!call) return report(call.error(), out);
    const auto& settings = deployment().settings();
    const auto betas = anthropic::betas_at(anthropic::Cloud::bedrock_invoke, call->betas,
                                           anthropic::named_betas(settings, nullptr, 0), call->body,
                                           call->dropped);
    call->dropped.tell(out);
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    auto own = claude_call(call->body, betas);
    add_headers(std::move(own.headers));
    return start(streamed ? kInvokeStream : kInvoke, std::move(own.body), streamed, out);
}

bay_status ClaudeExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_) return BAY_OK;
    if (const auto type = exception_in(frame); !type.empty()) {
        failed_ = true;
        return report(failure_of_exception(type, told_in(frame)), out);
    }
    const auto inner = chunk_bytes(bay::sv(frame.data));
    if (!inner) {
        failed_ = true;
        return report(unreadable("a chunk of the stream holds no bytes"), out);
    }
    bay_ev_http event = frame;
    event.event = {};
    event.data = bay::str(*inner);
    return machine_.on_http_frame(event, out);
}

bay_status ClaudeExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    const bool refused = done.failure == BAY_FAIL_NONE && done.status / 100 != 2;
    if (refused) return report(failure_of_answer(done), out);
    return machine_.on_http_done(done, out);
}

}  // namespace patchbay::bedrock
