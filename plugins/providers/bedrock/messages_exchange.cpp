// SPDX-License-Identifier: Apache-2.0
#include "messages_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/clouds.hpp"
#include "anthropic/errors.hpp"
#include "claude_exchange.hpp"
#include "errors.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {

namespace {

std::string list_of(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& name : names) {
        list.append(list.empty() ? "[" : ",").append(bay::json_quote(name));
    }
    return list.append("]");
}

}  // namespace

bay_status MessagesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    deployment().ask_by_invoke();
    bay::Splice& body = clients_body(request);
    body.drop("stream");  // the address says it
    if (body.value("anthropic_version").empty()) {
        body.add("anthropic_version", bay::json_quote(kClaudeVersion));
    }
    anthropic::fit_body(bay::sv(request.json), body);
    bay::Dropped dropped;
    const auto betas = anthropic::betas_at(anthropic::Cloud::bedrock_invoke, request,
                                           deployment().settings(), dropped);
    if (!betas.names().empty()) body.set("anthropic_beta", list_of(betas.names()));
    dropped.tell(out);
    add_headers(take_headers(body));
    return start(streamed_ ? kInvokeStream : kInvoke, streamed_, out);
}

bay_status MessagesExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (streamed_ || head.status / 100 != 2) return BAY_OK;
    passing_ = true;
    return out.pass_through(head.call);
}

bay_status MessagesExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = exception_in(frame); !type.empty()) {
        return refuse(failure_of_exception(type, told_in(frame)), out);
    }
    const auto inner = chunk_bytes(data);
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto parsed = inner ? parse_json(*inner, &memory) : std::nullopt;
    const auto type = text(parsed ? parsed->if_object() : nullptr, "type");
    if (type.empty()) return refuse(unreadable("a chunk of the stream is no event"), out);
    if (type == "error") return refuse(anthropic::failure_of_event(*inner), out);
    complete_ = complete_ || type == "message_stop";
    return out.chunk(type, *inner);
}

bay_status MessagesExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    // What breaks behind the end of an answer is no part of it.
    if (complete_) return out.done();
    if (done.failure == BAY_FAIL_FRAMING && passing_ && done.data.len != 0) {
        return refuse(unreadable("no answer of the Messages API", done), out);
    }
    if (done.failure != BAY_FAIL_NONE) return refuse(failure_of_call(done), out);
    if (done.status / 100 != 2) return refuse(failure_of_answer(done), out);
    if (!streamed_) return out.done();
    auto failure = unreadable("the stream ended before message_stop");
    failure.upstream_status = done.status;
    return refuse(std::move(failure), out);
}

bay_status MessagesExchange::refuse(Failure failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

}  // namespace patchbay::bedrock
