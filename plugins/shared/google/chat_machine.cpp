#include "chat_machine.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "errors.hpp"
#include "failure/error_text.hpp"
#include "request.hpp"

namespace patchbay::google {

Result<void> ChatMachine::begin(const bay_ev_request& request, const RequestOptions& options) {
    auto call = translate_request(request, options);
    if (!call) return call.error();
    body_ = std::move(call->body);
    context_.created = bay::Host::unix_ms() / 1000;
    context_.model = bay::sv(request.target->model);
    context_.names = std::move(call->names);
    dropped_ = std::move(call->dropped);
    if ((request.flags & BAY_REQ_STREAM) != 0) {
        stream_.emplace(context_, (request.flags & BAY_REQ_WANT_USAGE) != 0);
    }
    return {};
}

std::string_view ChatMachine::method() const {
    return streamed() ? "streamGenerateContent?alt=sse" : "generateContent";
}

bay_status ChatMachine::send(bay::HttpRequest& call, bay::Out out) {
    dropped_.tell(out);
    call.header("content-type", "application/json");
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(body_);
    if (streamed()) call.decode(BAY_DECODE_SSE);
    return call.send(out);
}

bay_status ChatMachine::frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_ || !stream_) return BAY_OK;
    std::vector<std::string> chunks;
    const auto fed = stream_->feed(bay::sv(frame.data), chunks);
    // As soon as it is known: what is billed must be told of streams that end early too.
    if (stream_->usage().known()) {
        const auto status = tell_usage(stream_->usage(), out);
        if (status != BAY_OK) return status;
    }
    if (const auto status = tell(chunks, out); status != BAY_OK) return status;
    return fed ? BAY_OK : refuse(fed.error(), out);
}

bay_status ChatMachine::done(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    // What breaks behind the end of an answer is no part of it.
    if (stream_ && stream_->complete()) {
        std::vector<std::string> chunks;
        const auto ended = stream_->end(chunks);
        if (!ended) return refuse(ended.error(), out);
        const auto status = tell(chunks, out);
        return status == BAY_OK ? out.done() : status;
    }
    if (done.failure != BAY_FAIL_NONE) return refuse(failure_of_call(done), out);
    if (done.status / 100 != 2) return refuse(failure_of_answer(done), out);
    if (!stream_) return whole(done, out);
    auto failure = unreadable("the stream ended before the answer did");
    failure.upstream_status = done.status;
    return refuse(failure, out);
}

bay_status ChatMachine::whole(const bay_ev_http& done, bay::Out out) {
    const auto data = bay::sv(done.data);
    const auto answer = translate_answer(data, context_);
    if (!answer) {
        auto failure =
            shared::read_error(data).error_member ? failure_of_event(data) : answer.error();
        failure.upstream_status = done.status;
        failure.upstream_body = data;
        return refuse(failure, out);
    }
    if (const auto status = tell_usage(answer->usage, out); status != BAY_OK) return status;
    return out.result(answer->json);
}

bay_status ChatMachine::tell_usage(const Usage& usage, bay::Out out) const {
    return out.usage(usage.to_host(traits_of(context_.model)));
}

bay_status ChatMachine::tell(const std::vector<std::string>& chunks, bay::Out out) {
    for (const auto& chunk : chunks) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return BAY_OK;
}

bay_status ChatMachine::refuse(const Failure& failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

}  // namespace patchbay::google
