// SPDX-License-Identifier: Apache-2.0
#include "generate_exchange.hpp"

#include "endpoint.hpp"
#include "failure/error_text.hpp"
#include "google/errors.hpp"
#include "google/json.hpp"

namespace patchbay::gemini {

namespace {

constexpr std::uint32_t kCall = 1;
constexpr std::string_view kCounted = "generateContentRequest";

std::string_view method_of(bool counts, bool streamed) {
    if (counts) return "countTokens";
    return streamed ? "streamGenerateContent?alt=sse" : "generateContent";
}

}  // namespace

std::string counted_request(std::string_view client_json, std::string_view model) {
    auto parsed = google::parse_json(client_json);
    auto* client = parsed ? parsed->if_object() : nullptr;
    auto* counted = client ? google::find_object(*client, kCounted) : nullptr;
    if (!counted) return {};
    (*counted)["model"] = std::string("models/").append(model);
    return google::to_text(*counted);
}

bay_status GenerateExchange::on_request(const bay_ev_request& request, bay::Out out) {
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    const auto model = bay::sv(request.target->model);
    bay::HttpRequest call(
        "POST", model_url(bay::sv(request.target->base_url), model, method_of(counts_, streamed_)));
    call.header("content-type", "application/json");
    add_own_headers(request, call);
    bay::Splice body(request);
    body.drop("model");  // the address says it; here stands the client's name for it
    if (counts_) {
        counted_ = counted_request(bay::sv(request.json), model);
        if (!counted_.empty()) body.set(kCounted, counted_);
    }
    call.call(kCall).flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    call.decode(streamed_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(body.segments());
    return call.send(out);
}

bay_status GenerateExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (head.status / 100 != 2) return BAY_OK;
    const auto type = bay::find(head.headers, head.header_count, "content-type");
    const std::string_view usual = streamed_ ? "event-stream" : "json";
    if (!type.empty() && type.find(usual) == std::string_view::npos) return BAY_OK;
    passing_ = true;
    return out.pass_through(kCall);
}

bay_status GenerateExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    return refuse_answer(frame, "the stream holds what is no response", out);
}

bay_status GenerateExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    const bool failed = done.failure != BAY_FAIL_NONE;
    if (!failed && done.status / 100 != 2) {
        finished_ = true;
        return google::report(google::failure_of_answer(done), out);
    }
    if (passing_ ? done.failure == BAY_FAIL_FRAMING && done.data.len != 0 : !failed) {
        return refuse_answer(done, "no answer of this API", out);
    }
    finished_ = true;
    return failed ? google::report(google::failure_of_call(done), out) : out.done();
}

bay_status GenerateExchange::refuse_answer(const bay_ev_http& answer, std::string_view why,
                                           bay::Out out) {
    finished_ = true;
    const auto data = bay::sv(answer.data);
    if (shared::read_error(data).error_member) {
        return google::report(google::failure_of_event(data), out);
    }
    auto failure = google::unreadable(why);
    failure.upstream_status = answer.status;
    failure.upstream_body = data;
    return google::report(failure, out);
}

}  // namespace patchbay::gemini
