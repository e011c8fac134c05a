// SPDX-License-Identifier: Apache-2.0
#include "messages_answer.hpp"

#include "errors.hpp"
#include "failure.hpp"
#include "failure/error_text.hpp"
#include "patchbay/sdk/upstream.hpp"

namespace patchbay::anthropic {

bay_status MessagesAnswer::head(const bay_ev_http& head, bay::Out out) {
    if (head.status / 100 != 2) return BAY_OK;
    const std::string_view type = bay::find(head.headers, head.header_count, "content-type");
    const std::string_view usual = streamed_ ? "event-stream" : "json";
    if (!type.empty() && type.find(usual) == std::string_view::npos) return BAY_OK;
    passing_ = true;
    return out.pass_through(head.call);
}

bay_status MessagesAnswer::frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    return refuse(frame, "the stream holds what is no event of a message", out);
}

bay_status MessagesAnswer::done(const bay_ev_http& done, bay::Out out) {
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
        return refuse(done, "no answer of the Messages API", out);
    }
    finished_ = true;
    return failed ? report(failure_of_call(done, whose_), out) : out.done();
}

bay_status MessagesAnswer::refuse(const bay_ev_http& answer, std::string_view why, bay::Out out) {
    finished_ = true;
    const std::string_view data = bay::sv(answer.data);
    if (bay::sv(answer.event) == "error" || shared::read_error(data).error_member) {
        return report(failure_of_event(data), out);
    }
    Failure failure = shared::unreadable(whose_, why);
    failure.upstream_status = answer.status;
    failure.upstream_body = data;
    return report(failure, out);
}

}  // namespace patchbay::anthropic
