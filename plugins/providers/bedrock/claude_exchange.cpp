// SPDX-License-Identifier: Apache-2.0
#include "claude_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "errors.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {

namespace {

constexpr std::string_view kVersion = "bedrock-2023-05-31";

}  // namespace

std::string claude_body(std::string_view messages_request, const anthropic::Betas& betas) {
    auto parsed = parse_json(messages_request);
    auto* body = parsed ? parsed->if_object() : nullptr;
    if (!body) return {};
    body->erase("model");
    body->erase("stream");
    (*body)["anthropic_version"] = kVersion;
    if (!betas.names().empty()) {
        json::array names;
        for (const auto& name : betas.names()) names.emplace_back(name);
        (*body)["anthropic_beta"] = std::move(names);
    }
    return to_text(*parsed);
}

bay_status ClaudeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    if (!deployment().model().family->claude()) {
        Failure failure;
        failure.cls = BAY_ERR_UNSUPPORTED;
        failure.retry = BAY_RETRY_OTHER;
        failure.message = "bedrock/invoke/ is there for Claude alone: others are asked by Converse";
        return report(failure, out);
    }
    const auto call = machine_.begin(request, deployment().settings());
    if (!call) return report(call.error(), out);
    call->dropped.tell(out);
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    return start(streamed ? "invoke-with-response-stream" : "invoke",
                 claude_body(call->body, call->betas), streamed, out);
}

bay_status ClaudeExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_) return BAY_OK;
    if (const auto type = exception_in(frame); !type.empty()) {
        failed_ = true;
        return report(failure_of_exception(type, bay::sv(frame.data)), out);
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
