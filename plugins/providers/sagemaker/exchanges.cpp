// SPDX-License-Identifier: Apache-2.0
#include "exchanges.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "aws/event_stream.hpp"
#include "embeddings.hpp"
#include "errors.hpp"
#include "patchbay/operations.h"
#include "prompt_shared/prompt.hpp"
#include "prompt_shared/tgi.hpp"

namespace patchbay::sagemaker {

namespace {

constexpr std::string_view kService = "sagemaker";

std::uint32_t decode_of(bool streamed) {
    return streamed ? std::uint32_t{BAY_DECODE_AWS_EVENTSTREAM} : std::uint32_t{BAY_DECODE_BUFFER};
}

bool is_refused(const bay_ev_http& done) {
    return done.failure == BAY_FAIL_NONE && done.status / 100 != 2;
}

/// `part` as the frame of one event of the container's.
bay_ev_http frame_of(const bay_ev_http& part, std::string_view event) {
    bay_ev_http frame = part;
    frame.event = {};
    frame.data = bay::str(event);
    return frame;
}

shared::Failure too_long() {
    return openai::unreadable(kWhose, "an event of the stream is too long");
}

/// Hands the events of a part to `take`, a machine's own reader, until one of them ends it.
template <class Take>
bay_status each_event(Payload& payload, const bay_ev_http& part, const bool& finished, Take take) {
    while (const auto event = payload.next()) {
        if (finished) return BAY_OK;
        if (const auto status = take(frame_of(part, *event)); status != BAY_OK) return status;
    }
    return BAY_OK;
}

}  // namespace

ChatExchange::ChatExchange(const Opening& opening)
    : openai::ChatExchange(*opening.dialect, *openai::find_pass_operation(BAY_OP_CHAT_COMPLETIONS)),
      shared_(*opening.shared),
      call_(*opening.shared->crypto, kService) {}

bay_status ChatExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    const auto endpoint = Endpoint::of(*request.target, shared_);
    if (!endpoint) return end(endpoint.error(), out);
    body_.emplace(request);
    bay::Dropped dropped;
    if (auto refusal = openai::write_body(request, dialect_, *body_, &dropped)) {
        return refuse_request(*refusal, out);
    }
    dropped.tell(out);
    endpoint->settle(request, call_);
    return call_.start(endpoint->url(streamed_), *body_, decode_of(streamed_), out);
}

bay_status ChatExchange::on_shared(const bay_ev_shared& shared, bay::Out out) {
    finished_ = shared.status != BAY_OK;
    return call_.on_shared(shared, out);
}

bay_status ChatExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = aws::exception_in(frame); !type.empty()) {
        return end(failure_of_exception(type, aws::told_in(frame)), out);
    }
    if (!payload_.add(data)) return end(too_long(), out);
    return each_event(payload_, frame, finished_, [&](const bay_ev_http& event) {
        return openai::ChatExchange::on_http_frame(event, out);
    });
}

bay_status ChatExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_ || call_.renews(done, out)) return BAY_OK;
    if (is_refused(done)) return end(failure_of_answer(done), out);
    // Of a stream that broke off the last line is half an event.
    const auto event = done.failure == BAY_FAIL_NONE ? payload_.rest() : std::nullopt;
    if (event) {
        const auto status = openai::ChatExchange::on_http_frame(frame_of(done, *event), out);
        if (status != BAY_OK || finished_) return status;
    }
    bay_ev_http told = done;
    if (payload_.done()) told.last = 1;
    return openai::ChatExchange::on_http_done(told, out);
}

bay_status ChatExchange::end(const shared::Failure& failure, bay::Out out) {
    finished_ = true;
    return report(failure, out);
}

OwnExchange::OwnExchange(const Opening& opening)
    : TranslatedExchange(*opening.dialect, BAY_DECODE_AWS_EVENTSTREAM),
      shared_(*opening.shared),
      call_(*opening.shared->crypto, kService) {}

openai::Written<openai::Translated> OwnExchange::translate(const bay_ev_request& request,
                                                           std::string_view) const {
    const std::string_view model = bay::sv(request.target->model);
    openai::Translated made;
    if (bay::sv(request.operation) == BAY_OP_EMBEDDINGS) {
        auto body = write_embeddings(request, dialect_, made.dropped);
        if (!body) return body.error();
        made.body = std::move(*body);
        made.reader = std::make_unique<EmbeddingsReader>(model);
        return made;
    }
    const auto settings = aws::params_of(*request.target);
    auto prompt = prompt::prompt_of(request, aws::text(settings, "hf_model_name", model));
    if (!prompt) return prompt.error();
    auto body = prompt::tgi_body(request, dialect_, std::move(*prompt), {}, made.dropped);
    if (!body) return body.error();
    made.body = aws::to_text(*body);
    made.reader = std::make_unique<prompt::TgiReader>(kWhose, model,
                                                      (request.flags & BAY_REQ_WANT_USAGE) != 0);
    return made;
}

bay_status OwnExchange::start(const bay_ev_request& request, bay::Out out) {
    const auto endpoint = Endpoint::of(*request.target, shared_);
    if (!endpoint) return fail(endpoint.error(), out);
    endpoint->settle(request, call_);
    if (bay::sv(request.operation) == BAY_OP_EMBEDDINGS) {
        // Models of JumpStart's that have a licence to be agreed to.
        call_.header("x-amzn-sagemaker-custom-attributes", "accept_eula=true");
    }
    return call_.start(endpoint->url(streamed_), translated_.body, decode_of(streamed_), out);
}

bay_status OwnExchange::on_shared(const bay_ev_shared& shared, bay::Out out) {
    finished_ = shared.status != BAY_OK;
    return call_.on_shared(shared, out);
}

bay_status OwnExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = aws::exception_in(frame); !type.empty()) {
        return fail(failure_of_exception(type, aws::told_in(frame)), out);
    }
    if (!payload_.add(data)) return fail(too_long(), out);
    return each_event(payload_, frame, finished_, [&](const bay_ev_http& event) {
        return TranslatedExchange::on_http_frame(event, out);
    });
}

bay_status OwnExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_ || call_.renews(done, out)) return BAY_OK;
    if (is_refused(done)) return fail(failure_of_answer(done), out);
    // Of a stream that broke off the last line is half an event.
    const auto event = done.failure == BAY_FAIL_NONE ? payload_.rest() : std::nullopt;
    if (event) {
        const auto status = TranslatedExchange::on_http_frame(frame_of(done, *event), out);
        if (status != BAY_OK || finished_) return status;
    }
    return TranslatedExchange::on_http_done(done, out);
}

}  // namespace patchbay::sagemaker
