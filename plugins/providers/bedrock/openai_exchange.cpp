// SPDX-License-Identifier: Apache-2.0
#include "openai_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "chat/whole_chunks.hpp"
#include "errors.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {

namespace {

bay_usage usage_of(const json::object* told, std::string_view read, std::string_view written) {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = count(told, read);
    usage.output_tokens = count(told, written);
    return usage;
}

void follow(const json::object& chunk, bay::StreamEnd& end) {
    const auto* choices = find_array(chunk, "choices");
    if (!choices) return;
    for (const auto& value : *choices) {
        const auto* choice = value.if_object();
        const auto bit = bay::choice_bit(count(choice, "index"));
        end.take(bit, find(choice, "finish_reason") ? bit : 0);
    }
}

}  // namespace

bay_status OpenAiExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    const auto& model = deployment().model();
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    bay::Splice& body = clients_body(request);
    body.drop("stream");  // the address says it
    body.drop("stream_options");
    if (model.form->body == Body::openai) {
        body.add("model", bay::json_quote(model.id));
    } else if (body.value("max_tokens").empty()) {
        body.rename("max_completion_tokens", "max_tokens");
    } else {
        body.drop("max_completion_tokens");
    }
    add_headers(take_headers(body));
    live_ = streamed && model.family->streams_with(!body.value("tools").empty());
    as_stream_ = streamed && !live_;
    want_usage_ = (request.flags & BAY_REQ_WANT_USAGE) != 0;
    return start(live_ ? kInvokeStream : kInvoke, live_, out);
}

bay_status OpenAiExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (live_ || as_stream_ || head.status / 100 != 2) return BAY_OK;
    passing_ = true;
    return out.pass_through(head.call);
}

bay_status OpenAiExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = exception_in(frame); !type.empty()) {
        return refuse(failure_of_exception(type, told_in(frame)), out);
    }
    const auto inner = chunk_bytes(data);
    auto parsed = inner ? parse_json(*inner) : std::nullopt;
    auto* chunk = parsed ? parsed->if_object() : nullptr;
    if (!chunk) return refuse(unreadable("a chunk of the stream that is no JSON object"), out);
    if (find(*chunk, "error")) return refuse(failure_of_exception({}, *inner), out);
    follow(*chunk, end_);
    told_ = told_ || find(*chunk, "usage");
    const auto* metrics = find_object(*chunk, kMetrics);
    if (!metrics) return out.chunk(*inner);
    const auto usage = usage_of(metrics, "inputTokenCount", "outputTokenCount");
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    chunk->erase(kMetrics);
    if (!chunk->empty()) {
        if (const auto status = out.chunk(to_text(*parsed)); status != BAY_OK) return status;
    }
    return tell_usage(std::move(*chunk), usage, out);
}

bay_status OpenAiExchange::tell_usage(json::object chunk, const bay_usage& usage, bay::Out out) {
    if (!want_usage_ || told_ || !chunk.contains("id")) return BAY_OK;
    told_ = true;
    chunk["choices"] = json::array();
    chunk["usage"] = json::object{{"prompt_tokens", usage.input_tokens},
                                  {"completion_tokens", usage.output_tokens},
                                  {"total_tokens", usage.input_tokens + usage.output_tokens}};
    return out.chunk(to_text(json::value(std::move(chunk))));
}

bay_status OpenAiExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    if (live_ && end_.complete()) return out.done();
    if (done.failure == BAY_FAIL_FRAMING && passing_ && done.data.len != 0) {
        return refuse(unreadable("no chat completion", done), out);
    }
    if (done.failure != BAY_FAIL_NONE) return refuse(failure_of_call(done), out);
    if (done.status / 100 != 2) return refuse(failure_of_answer(done), out);
    if (as_stream_) return tell_as_stream(done, out);
    if (!live_) return out.done();
    auto failure = unreadable("the stream ended before its answer did");
    failure.upstream_status = done.status;
    return refuse(std::move(failure), out);
}

bay_status OpenAiExchange::tell_as_stream(const bay_ev_http& done, bay::Out out) {
    auto parsed = parse_json(bay::sv(done.data));
    auto* answer = parsed ? parsed->if_object() : nullptr;
    if (!answer || !find_array(*answer, "choices")) {
        return refuse(unreadable("no chat completion", done), out);
    }
    if (const auto* told = find_object(*answer, "usage")) {
        const auto status = out.usage(usage_of(told, "prompt_tokens", "completion_tokens"));
        if (status != BAY_OK) return status;
    }
    for (const auto& chunk : shared::whole_as_chunks(std::move(*answer))) {
        if (const auto status = out.chunk(to_text(chunk)); status != BAY_OK) return status;
    }
    return out.done();
}

bay_status OpenAiExchange::refuse(Failure failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

}  // namespace patchbay::bedrock
