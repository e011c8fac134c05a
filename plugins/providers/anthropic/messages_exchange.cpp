// SPDX-License-Identifier: Apache-2.0
#include "messages_exchange.hpp"

#include <utility>

#include "errors.hpp"
#include "failure/error_text.hpp"
#include "headers.hpp"
#include "json.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/splice.hpp"
#include "patchbay/sdk/upstream.hpp"

namespace patchbay::anthropic {

namespace {

constexpr std::uint32_t kCall = 1;

}  // namespace

bay_status MessagesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    const auto params = parse_json(bay::sv(request.target->params));
    const json::object none;
    const auto& settings = params && params->is_object() ? params->get_object() : none;
    bay::HttpRequest call("POST", messages_url(bay::sv(request.target->base_url)).append(path_));
    for (const auto& [name, value] : messages_headers(
             bay::sv(request.target->api_key), settings, request.headers, request.header_count,
             named_betas(settings, request.headers, request.header_count))) {
        call.header(name, value);
    }
    bay::Splice body(request);
    const std::string_view model = bay::sv(request.target->model);
    if (!model.empty()) body.set("model", bay::json_quote(model));
    call.call(kCall).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    call.decode(streamed_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(body.segments());
    return call.send(out);
}

bay_status MessagesExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (head.status / 100 != 2) return BAY_OK;
    const std::string_view type = bay::find(head.headers, head.header_count, "content-type");
    const std::string_view usual = streamed_ ? "event-stream" : "json";
    if (!type.empty() && type.find(usual) == std::string_view::npos) return BAY_OK;
    passing_ = true;
    return out.pass_through(kCall);
}

bay_status MessagesExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    return refuse_answer(frame, "the stream holds what is no event of a message", out);
}

bay_status MessagesExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    const bool failed = done.failure != BAY_FAIL_NONE;
    if (!failed && done.status / 100 != 2) {
        finished_ = true;
        Failure failure = failure_of_answer(done);
        // Clients of its API know the status: 413 is request_too_large.
        if (failure.cls == BAY_ERR_BAD_REQUEST) failure.http_status = done.status;
        return report(failure, out);
    }
    if (passing_ ? done.failure == BAY_FAIL_FRAMING && done.data.len != 0 : !failed) {
        return refuse_answer(done, "no answer of the Messages API", out);
    }
    finished_ = true;
    return failed ? report(failure_of_call(done, "Anthropic"), out) : out.done();
}

bay_status MessagesExchange::refuse_answer(const bay_ev_http& answer, std::string_view why,
                                           bay::Out out) {
    finished_ = true;
    const std::string_view data = bay::sv(answer.data);
    if (bay::sv(answer.event) == "error" || shared::read_error(data).error_member) {
        return report(failure_of_event(data), out);
    }
    Failure failure = shared::unreadable("Anthropic", why);
    failure.upstream_status = answer.status;
    failure.upstream_body = data;
    return report(failure, out);
}

}  // namespace patchbay::anthropic
