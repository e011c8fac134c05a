// SPDX-License-Identifier: Apache-2.0
#include "chat_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/clouds.hpp"
#include "chat/whole_chunks.hpp"
#include "errors.hpp"
#include "invocation.hpp"
#include "nova_call.hpp"

namespace patchbay::bedrock {

bay_status ChatExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    auto options = options_of(request);
    bay::Dropped unknown;
    if (options.model->family->claude()) {
        options.betas = anthropic::betas_at(anthropic::Cloud::bedrock_converse, request,
                                            deployment().settings(), unknown);
    }
    auto call = translate_request(bay::sv(request.json), options);
    if (!call) return report(call.error(), out);
    for (const auto& name : unknown.names()) call->dropped.add(name);
    invoked_ = options.model->api == Api::invoke;
    NovaCall own;
    if (invoked_) own = nova_call(call->body, call->dropped);
    call->dropped.tell(out);

    context_.head.created = bay::Host::unix_ms() / 1000;
    context_.head.model = options.model->id;
    context_.json_mode = call->json_mode;
    context_.translated = request.hint_params.len != 0;
    context_.prefix = std::move(call->prefix);
    context_.tool_names = std::move(call->tool_names);
    const bool live = streamed && options.model->family->streams_with(call->tools);
    as_stream_ = streamed && !live;
    if (live) stream_.emplace(context_, (request.flags & BAY_REQ_WANT_USAGE) != 0);
    if (invoked_) {
        add_headers(std::move(own.headers));
        return start(live ? kInvokeStream : kInvoke, std::move(own.body), live, out);
    }
    return start(live ? "converse-stream" : "converse", std::move(call->body), live, out);
}

bay_status ChatExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_ || !stream_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = exception_in(frame); !type.empty()) {
        return refuse(failure_of_exception(type, told_in(frame)), out);
    }
    chunks_.clear();
    const bool known = stream_->usage().has_value();
    const auto fed =
        invoked_ ? feed_chunk(data) : stream_->feed(bay::sv(frame.event), data, chunks_);
    if (!known && stream_->usage()) {
        const auto status = out.usage(stream_->usage()->to_host());
        if (status != BAY_OK) return status;
    }
    for (const auto& chunk : chunks_) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return fed ? bay_status{BAY_OK} : refuse(fed.error(), out);
}

// A chunk of InvokeModel's holds an object whose one member is an event of Converse's, and metrics.
Result<void> ChatExchange::feed_chunk(std::string_view payload) {
    const auto inner = chunk_bytes(payload);
    const auto parsed = inner ? parse_json(*inner) : std::nullopt;
    const auto* events = parsed ? parsed->if_object() : nullptr;
    if (!events) return unreadable("a chunk of the stream holds no event");
    for (const auto& [type, event] : *events) {
        if (auto fed = stream_->feed(type, to_text(event), chunks_); !fed) return fed;
    }
    return {};
}

bay_status ChatExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    // What breaks behind the end of an answer is no part of it.
    if (stream_ && stream_->complete()) return out.done();
    if (done.failure != BAY_FAIL_NONE) return refuse(failure_of_call(done), out);
    if (done.status / 100 != 2) return refuse(failure_of_answer(done), out);
    if (!stream_) return whole(done, out);
    auto failure = unreadable("the stream ended before messageStop");
    failure.upstream_status = done.status;
    return refuse(failure, out);
}

bay_status ChatExchange::whole(const bay_ev_http& done, bay::Out out) {
    const auto data = bay::sv(done.data);
    const auto answer = translate_answer(data, context_);
    if (!answer) {
        auto failure = answer.error();
        failure.upstream_status = done.status;
        failure.upstream_body = data;
        return refuse(failure, out);
    }
    if (const auto status = out.usage(answer->usage.to_host()); status != BAY_OK) return status;
    return as_stream_ ? tell_as_stream(answer->json, out) : out.result(answer->json);
}

bay_status ChatExchange::tell_as_stream(std::string_view answer_json, bay::Out out) {
    auto answer = parse_json(answer_json);
    for (const auto& chunk : shared::whole_as_chunks(std::move(answer->as_object()))) {
        if (const auto status = out.chunk(to_text(chunk)); status != BAY_OK) return status;
    }
    return out.done();
}

bay_status ChatExchange::refuse(const Failure& failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

}  // namespace patchbay::bedrock
