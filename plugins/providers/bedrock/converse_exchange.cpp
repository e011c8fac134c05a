// SPDX-License-Identifier: Apache-2.0
#include "converse_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "errors.hpp"

namespace patchbay::bedrock {

bay_status ConverseExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    clients_body(request);
    return start(streamed_ ? "converse-stream" : "converse", streamed_, out);
}

bay_status ConverseExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (head.status / 100 != 2) return BAY_OK;
    const auto type = bay::find(head.headers, head.header_count, "content-type");
    const std::string_view usual = streamed_ ? "eventstream" : "json";
    if (!type.empty() && type.find(usual) == std::string_view::npos) return BAY_OK;
    passing_ = true;
    return out.pass_through(head.call);
}

bay_status ConverseExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    if (const auto type = exception_in(frame); !type.empty()) {
        finished_ = true;
        return report(failure_of_exception(type, bay::sv(frame.data)), out);
    }
    return refuse_answer(frame, "the stream holds what is no event of Converse's", out);
}

bay_status ConverseExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    const bool failed = done.failure != BAY_FAIL_NONE;
    if (!failed && done.status / 100 != 2) {
        finished_ = true;
        return report(failure_of_answer(done), out);
    }
    if (passing_ ? done.failure == BAY_FAIL_FRAMING && done.data.len != 0 : !failed) {
        return refuse_answer(done, "no answer of Converse's", out);
    }
    finished_ = true;
    return failed ? report(failure_of_call(done), out) : out.done();
}

bay_status ConverseExchange::refuse_answer(const bay_ev_http& answer, std::string_view why,
                                           bay::Out out) {
    finished_ = true;
    auto failure = unreadable(why);
    failure.upstream_status = answer.status;
    failure.upstream_body = bay::sv(answer.data);
    return report(failure, out);
}

}  // namespace patchbay::bedrock
