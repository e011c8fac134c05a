// SPDX-License-Identifier: Apache-2.0
#include "prompt_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "chat/whole_chunks.hpp"
#include "errors.hpp"
#include "invocation.hpp"
#include "prompt_request.hpp"

namespace patchbay::bedrock {

namespace {

constexpr std::string_view kBeginOfThought = "<think>";  // in the prompt already

Failure given_up(std::string_view reason) {
    return unreadable(std::string("the model gave up: ").append(reason));
}

}  // namespace

bay_status PromptExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    const auto& model = deployment().model();
    form_ = model.form->prompt;
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    const bool live = streamed && model.family->streams_with(false);
    as_stream_ = streamed && !live;
    want_usage_ = (request.flags & BAY_REQ_WANT_USAGE) != 0;
    auto call = prompt_request(bay::sv(request.json), *form_, live, options_of(request));
    if (!call) return report(call.error(), out);
    call->dropped.tell(out);
    head_.created = bay::Host::unix_ms() / 1000;
    head_.model = model.id;
    if (live) writer_.emplace(head_);
    if (form_->thinks) tags_.take(kBeginOfThought);
    add_headers(std::move(call->headers));
    return start(live ? kInvokeStream : kInvoke, std::move(call->body), live, out);
}

bay_status PromptExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_ || !writer_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = exception_in(frame); !type.empty()) {
        return refuse(failure_of_exception(type, told_in(frame)), out);
    }
    const auto inner = chunk_bytes(data);
    if (!inner) return refuse(unreadable("a chunk of the stream holds no bytes"), out);
    const auto piece = read_piece(*inner, *form_, false);
    if (!piece) return refuse(piece.error(), out);
    if (is_fault(piece->reason)) return refuse(given_up(piece->reason), out);
    if (!piece->reason.empty()) reason_ = piece->reason;
    tokens_.update(piece->tokens);
    over_ = over_ || piece->over;
    if (piece->text.empty()) return BAY_OK;
    return say(form_->thinks ? tags_.take(piece->text) : shared::Thought{{}, piece->text}, out);
}

bay_status PromptExchange::say(const shared::Thought& said, bay::Out out) {
    writer_->text("reasoning_content", said.reasoning, chunks_);
    writer_->text("content", said.content, chunks_);
    return send(out);
}

bay_status PromptExchange::send(bay::Out out) {
    for (const auto& chunk : chunks_) {
        if (const auto status = out.chunk(chunk); status != BAY_OK) return status;
    }
    chunks_.clear();
    return BAY_OK;
}

bay_status PromptExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    // What breaks behind the end of an answer is no part of it.
    if (writer_ && over_) return stream_over(out);
    if (done.failure != BAY_FAIL_NONE) return refuse(failure_of_call(done), out);
    if (done.status / 100 != 2) return refuse(failure_of_answer(done), out);
    if (!writer_) return whole(done, out);
    auto failure = unreadable("the stream ended before its last chunk");
    failure.upstream_status = done.status;
    return refuse(std::move(failure), out);
}

bay_status PromptExchange::stream_over(bay::Out out) {
    if (form_->thinks) {
        if (const auto status = say(tags_.finish(), out); status != BAY_OK) return status;
    }
    if (tokens_.known()) {
        if (const auto status = out.usage(tokens_.to_host()); status != BAY_OK) return status;
    }
    json::object own;
    if (const auto word = telling_word(reason_); !word.empty()) own["native_finish_reason"] = word;
    writer_->finish(finish_reason_of(reason_), chunks_, std::move(own));
    if (want_usage_ && tokens_.known()) writer_->usage(tokens_.to_openai(), chunks_);
    if (const auto status = send(out); status != BAY_OK) return status;
    return out.done();
}

bay_status PromptExchange::whole(const bay_ev_http& done, bay::Out out) {
    const auto data = bay::sv(done.data);
    auto piece = read_piece(data, *form_, true);
    if (!piece || is_fault(piece->reason)) {
        auto failure = piece ? given_up(piece->reason) : piece.error();
        failure.upstream_status = done.status;
        failure.upstream_body = data;
        return refuse(std::move(failure), out);
    }
    piece->tokens.update({tokens_read(done), tokens_written(done)});
    if (piece->tokens.known()) {
        if (const auto status = out.usage(piece->tokens.to_host()); status != BAY_OK) return status;
    }
    json::object message{{"role", "assistant"}};
    if (form_->thinks) {
        const auto said = shared::split_thought(std::string(kBeginOfThought).append(piece->text));
        message["content"] = said.content;
        if (!said.reasoning.empty()) message["reasoning_content"] = said.reasoning;
    } else {
        message["content"] = piece->text;
    }
    json::object own;
    if (const auto word = telling_word(piece->reason); !word.empty()) {
        own["native_finish_reason"] = word;
    }
    auto answer = shared::whole_chat(head_, std::move(message), finish_reason_of(piece->reason),
                                     piece->tokens.to_openai(), std::move(own));
    if (!piece->tokens.known()) answer.erase("usage");
    if (!as_stream_) return out.result(to_text(json::value(std::move(answer))));
    for (const auto& chunk : shared::whole_as_chunks(std::move(answer))) {
        if (const auto status = out.chunk(to_text(chunk)); status != BAY_OK) return status;
    }
    return out.done();
}

bay_status PromptExchange::refuse(Failure failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

}  // namespace patchbay::bedrock
