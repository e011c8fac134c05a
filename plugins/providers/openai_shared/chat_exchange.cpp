#include "chat_exchange.hpp"

#include "answers.hpp"
#include "errors.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::openai {

bay_status ChatExchange::send(const bay_ev_request& request, bay::HttpRequest& call, bay::Out out) {
    bay::Splice body(request);
    bay::Dropped dropped;
    if (const auto refusal = write_body(request, dialect_, body, &dropped)) {
        return refuse_request(*refusal, out);
    }
    dropped.tell(out);
    call.body(body.segments());
    return call.send(out);
}

bool ChatExchange::reads(std::string_view content_type) const {
    return dialect_.answers.any() || PassExchange::reads(content_type);
}

bay_status ChatExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    const std::string_view type = bay::find(head.headers, head.header_count, "content-type");
    document_ = streamed_ && type.find("json") != std::string_view::npos;
    return PassExchange::on_http_head(head, out);
}

bay_status ChatExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    const std::string_view data = bay::sv(frame.data);
    const Answer answer = read_answer(dialect_.answers, data, &tags_);
    if (answer.error || bay::sv(frame.event) == "error") {
        finished_ = true;
        return report(answer_error(dialect_.errors, data), out);
    }
    if (!answer.readable) {
        return refuse_answer(frame.status, data,
                             "the provider's stream holds an event that is not JSON", out);
    }
    // The host forwards what belongs into a stream. A document that is no answer says what is wrong
    // in other members, or nothing.
    const bool nothing = !answer.choices && !answer.usage && (document_ || says_error(data));
    if (passing_ || nothing) {
        return refuse_answer(frame.status, data,
                             "the provider answered a request for a stream with a document", out);
    }
    if (answer.usage) {
        if (const bay_status status = out.usage(*answer.usage); status != BAY_OK) return status;
    }
    end_.take(answer.seen, answer.finished);
    if (answer.whole) return whole_as_stream(data, out);
    return out.chunk(answer.json ? std::string_view(*answer.json) : data);
}

bay_status ChatExchange::whole_as_stream(std::string_view data, bay::Out out) {
    for (const std::string& chunk : answer_chunks(dialect_.answers, data)) {
        if (const bay_status status = out.chunk(chunk); status != BAY_OK) return status;
    }
    return BAY_OK;
}

bay_status ChatExchange::unpassed(const bay_ev_http& done, bay::Out out) {
    if (streamed_) return stream_over(done, out);
    if (done.failure == BAY_FAIL_NONE) return whole_answer(done, out);
    finished_ = true;
    return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
}

bay_status ChatExchange::stream_over(const bay_ev_http& done, bay::Out out) {
    finished_ = true;
    const bool end_mark = done.last != 0;
    if (end_mark || end_.complete()) return out.done();
    if (done.failure != BAY_FAIL_NONE) {
        return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    return report(
        transport_error(BAY_FAIL_RESET, done.status, "the stream ended before its answer did"),
        out);
}

bay_status ChatExchange::whole_answer(const bay_ev_http& done, bay::Out out) {
    const std::string_view data = bay::sv(done.data);
    const Answer answer = read_answer(dialect_.answers, data);
    if (!answer.is_answer()) {
        return refuse_answer(
            done.status, data,
            answer.readable ? not_an_answer() : "the provider's answer is not a JSON object", out);
    }
    finished_ = true;
    if (answer.usage) {
        if (const bay_status status = out.usage(*answer.usage); status != BAY_OK) return status;
    }
    return out.result(answer.json ? std::string_view(*answer.json) : data);
}

}  // namespace patchbay::openai
