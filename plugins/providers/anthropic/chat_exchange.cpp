// SPDX-License-Identifier: Apache-2.0
#include "chat_exchange.hpp"

#include <utility>

#include "chat/whole_chunks.hpp"
#include "errors.hpp"
#include "failure/error_text.hpp"
#include "headers.hpp"
#include "patchbay/sdk/host.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::anthropic {

namespace {

json::object settings_of(const bay_ev_request& request) {
    auto params = parse_json(bay::sv(request.target->params));
    return params && params->is_object() ? std::move(params->get_object()) : json::object();
}

bool is_message(std::string_view data) {
    const auto parsed = parse_json(data);
    return parsed && parsed->is_object() && text(parsed->get_object(), "type") == "message";
}

}  // namespace

Result<Call> ChatExchange::begin(const bay_ev_request& request, const json::object& settings) {
    const Betas named = named_betas(settings, request.headers, request.header_count);
    RequestOptions options;
    options.provider = provider_;
    options.model = bay::sv(request.target->model);
    options.stream = (request.flags & BAY_REQ_STREAM) != 0;
    options.drop_params = (request.flags & BAY_REQ_DROP_PARAMS) != 0;
    options.allowed_params = bay::sv(request.allowed_params);
    options.hint_params = bay::sv(request.hint_params);
    options.default_max_tokens = default_max_tokens_;
    if (const auto* info = find_object(settings, "model_info")) {
        options.max_output_tokens = count(*info, "max_output_tokens");
    }
    options.cache_points = find_array(settings, "cache_control_injection_points");
    options.interleaved = named.has(kInterleavedThinking);
    options.output_format = output_format_;
    options.lacks = lacks_;
    auto call = translate_request(bay::sv(request.json), options);
    if (!call) return call;

    context_.created = bay::Host::unix_ms() / 1000;
    context_.model = options.model;
    context_.json_mode = call->json_mode;
    context_.prefix = std::move(call->prefix);
    context_.tool_names = std::move(call->tool_names);
    for (const auto& name : named.names()) call->betas.add(name);
    if (options.stream) stream_.emplace(context_, (request.flags & BAY_REQ_WANT_USAGE) != 0);
    return call;
}

bay_status ChatExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto settings = settings_of(request);
    auto call = begin(request, settings);
    if (!call) return report(call.error(), out);
    call->dropped.tell(out);
    bay::HttpRequest http("POST", messages_url(bay::sv(request.target->base_url)));
    for (const auto& [name, value] :
         messages_headers(bay::sv(request.target->api_key), settings, request.headers,
                          request.header_count, std::move(call->betas))) {
        http.header(name, value);
    }
    http.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(call->body);
    if (stream_) http.decode(BAY_DECODE_SSE);
    return http.send(out);
}

bay_status ChatExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_ || !stream_) return BAY_OK;
    if (bay::sv(frame.event) == "error") {
        failed_ = true;
        return report(failure_of_event(bay::sv(frame.data)), out);
    }
    const bool first = !std::exchange(begun_, true);
    if (first && is_message(bay::sv(frame.data))) {
        return whole_as_stream(bay::sv(frame.data), out);
    }
    chunks_.clear();
    const auto fed = stream_->feed(bay::sv(frame.data), chunks_);
    // As soon as it is known: what is billed must be told of streams that end early too.
    if (stream_->take_usage_news()) {
        const auto status = out.usage(stream_->usage().to_host());
        if (status != BAY_OK) return status;
    }
    for (const auto& chunk : chunks_) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    if (!fed) {
        failed_ = true;
        return report(fed.error(), out);
    }
    return BAY_OK;
}

bay_status ChatExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    if (answered_whole_) return out.done();
    // What breaks after message_stop does not make the answer any less whole.
    if (stream_ && stream_->finished()) return out.done();
    if (done.status != 0 && done.status / 100 != 2 && done.failure == BAY_FAIL_NONE) {
        return report(failure_of_answer(done), out);
    }
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done, whose_), out);
    if (stream_) {
        auto failure = shared::unreadable(whose_, "the stream ended before message_stop");
        failure.upstream_status = done.status;
        return report(failure, out);
    }
    const auto answer = translate_answer(bay::sv(done.data), context_);
    if (!answer) {
        if (shared::read_error(bay::sv(done.data)).error_member) {
            return report(failure_of_event(bay::sv(done.data)), out);
        }
        auto failure = answer.error();
        failure.upstream_status = done.status;
        failure.upstream_body = bay::sv(done.data);
        return report(failure, out);
    }
    if (const auto status = out.usage(answer->usage.to_host()); status != BAY_OK) return status;
    return out.result(answer->json);
}

bay_status ChatExchange::whole_as_stream(std::string_view data, bay::Out out) {
    const auto answer = translate_answer(data, context_);
    if (!answer) {
        failed_ = true;
        return report(answer.error(), out);
    }
    answered_whole_ = true;
    if (const auto status = out.usage(answer->usage.to_host()); status != BAY_OK) return status;
    auto whole = parse_json(answer->json);
    for (const auto& chunk : shared::whole_as_chunks(std::move(whole->as_object()))) {
        if (const auto status = out.chunk(to_text(chunk)); status != BAY_OK) {
            return status;
        }
    }
    return BAY_OK;
}

}  // namespace patchbay::anthropic
