#include "exchange.hpp"

#include "answers.hpp"
#include "errors.hpp"
#include "patchbay/sdk/splice.hpp"
#include "refusal.hpp"
#include "request.hpp"
#include "upstream.hpp"

namespace patchbay::openai {

namespace {

constexpr std::uint32_t kCall = 1;

bool succeeded(const bay_ev_http& answer) {
    return answer.status >= 200 && answer.status <= 299;
}

}  // namespace

bay_status ChatExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    if (bay::sv(request.operation) != "chat.completions") {
        finished_ = true;
        return refuse(BAY_ERR_UNSUPPORTED,
                      dialect_.provider + " does not support " +
                          std::string(bay::sv(request.operation)) + " here",
                      {}, out);
    }
    return send(request, out);
}

bay_status ChatExchange::send(const bay_ev_request& request, bay::Out out) {
    std::string_view base = bay::sv(request.target->base_url);
    if (base.empty()) base = dialect_.base_url;
    if (base.empty()) {
        finished_ = true;
        return refuse(BAY_ERR_BAD_REQUEST, missing_base_message(dialect_), {}, out);
    }
    bay::HttpRequest call("POST", chat_url(base, dialect_.path));
    call.call(kCall).decode(streamed_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER);
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    if (!add_headers(request, dialect_, call)) {
        finished_ = true;
        return refuse(BAY_ERR_AUTH, missing_key_message(dialect_), {}, out);
    }
    bay::Splice body(request);
    if (const auto refusal = write_body(request, dialect_, body)) {
        finished_ = true;
        return refuse(refusal->cls, refusal->message, refusal->param, out);
    }
    call.body(body.segments());
    return call.send(out);
}

bay_status ChatExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (!succeeded(head)) return BAY_OK;
    const std::string_view type = bay::find(head.headers, head.header_count, "content-type");
    document_ = streamed_ && type.find("json") != std::string_view::npos;
    // What is named as something else is read here: a login page, an answer of the other kind.
    const std::string_view usual = streamed_ ? "event-stream" : "json";
    const bool other = !type.empty() && type.find(usual) == std::string_view::npos;
    if (other || dialect_.answers.any()) return BAY_OK;
    passing_ = true;
    return out.pass_through(kCall);
}

bay_status ChatExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    const std::string_view data = bay::sv(frame.data);
    const Answer answer = read_answer(dialect_.answers, data);
    if (answer.error || !answer.readable || bay::sv(frame.event) == "error") {
        finished_ = true;
        if (answer.error || bay::sv(frame.event) == "error") {
            return report(answer_error(dialect_.errors, data), out);
        }
        return refuse_answer(frame.status, data,
                             "the provider's stream holds an event that is not JSON", out);
    }
    if (passing_) {  // the host forwards what belongs into a stream
        finished_ = true;
        return refuse_answer(frame.status, data,
                             "the provider answered a request for a stream with a document", out);
    }
    // A document that is no answer says what is wrong in other members, or nothing.
    if (!answer.choices && !answer.usage && (document_ || says_error(data))) {
        finished_ = true;
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

bay_status ChatExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    finished_ = true;
    if (done.status >= 300) {
        const std::span<const bay_kv> headers(done.headers, done.header_count);
        return report(openai_error(dialect_.errors, done.status, headers, bay::sv(done.data),
                                   bay::Host::unix_ms()),
                      out);
    }
    if (succeeded(done) && streamed_ && !passing_) return stream_over(done, out);
    const bool refused = passing_ && done.failure == BAY_FAIL_FRAMING && done.data.len != 0;
    if (refused) {
        return refuse_answer(done.status, bay::sv(done.data),
                             "the provider's answer is not a chat completion", out);
    }
    if (done.failure != BAY_FAIL_NONE || !succeeded(done)) {
        return report(transport_error(done.failure, done.status, bay::sv(done.error)), out);
    }
    if (passing_) return out.done();
    return whole_answer(done, out);
}

bay_status ChatExchange::stream_over(const bay_ev_http& done, bay::Out out) {
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
            answer.readable ? std::string_view("the provider's answer is not a chat completion")
                            : std::string_view("the provider's answer is not a JSON object"),
            out);
    }
    if (answer.usage) {
        if (const bay_status status = out.usage(*answer.usage); status != BAY_OK) return status;
    }
    return out.result(answer.json ? std::string_view(*answer.json) : data);
}

bay_status ChatExchange::refuse_answer(int status, std::string_view data, std::string_view why,
                                       bay::Out out) {
    if (says_error(data)) return report(answer_error(dialect_.errors, data), out);
    return report(unreadable_answer(status, data, why), out);
}

}  // namespace patchbay::openai
