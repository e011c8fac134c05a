// SPDX-License-Identifier: Apache-2.0
#include "invoke_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "errors.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {

namespace {

bay_usage usage_of(std::uint64_t read, std::uint64_t written) {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = read;
    usage.output_tokens = written;
    return usage;
}

}  // namespace

bay_status InvokeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    if (bay::sv(request.json).empty()) return refuse(bad_request("body", "must be JSON"), out);
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    bay::Splice& body = clients_body(request);
    add_headers(take_headers(body));
    return start(streamed_ ? kInvokeStream : kInvoke, streamed_, out);
}

bay_status InvokeExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    if (streamed_ || head.status / 100 != 2) return BAY_OK;
    passing_ = true;
    return out.pass_through(head.call);
}

bay_status InvokeExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (failed_) return BAY_OK;
    const auto data = bay::sv(frame.data);
    if (const auto type = exception_in(frame); !type.empty()) {
        return refuse(failure_of_exception(type, told_in(frame)), out);
    }
    const auto inner = chunk_bytes(data);
    if (!inner) return refuse(unreadable("a chunk of the stream holds no bytes"), out);
    if (shared::mentions(*inner, kMetrics)) {
        const auto chunk = parse_json(*inner);
        const auto* metrics = chunk ? find_object(chunk->if_object(), kMetrics) : nullptr;
        if (metrics) {
            complete_ = true;
            const auto usage =
                usage_of(count(metrics, "inputTokenCount"), count(metrics, "outputTokenCount"));
            if (const auto status = out.usage(usage); status != BAY_OK) return status;
        }
    }
    return out.chunk(*inner);
}

bay_status InvokeExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (failed_) return BAY_OK;
    if (complete_) return out.done();
    if (done.failure == BAY_FAIL_FRAMING && passing_ && done.data.len != 0) {
        return refuse(unreadable("no answer of InvokeModel's", done), out);
    }
    if (done.failure != BAY_FAIL_NONE) return refuse(failure_of_call(done), out);
    if (done.status / 100 != 2) return refuse(failure_of_answer(done), out);
    if (streamed_) return refuse(unreadable("the stream ended before its last chunk"), out);
    const auto usage = usage_of(tokens_read(done), tokens_written(done));
    if (usage.input_tokens + usage.output_tokens > 0) {
        if (const auto status = out.usage(usage); status != BAY_OK) return status;
    }
    return out.done();
}

bay_status InvokeExchange::refuse(const Failure& failure, bay::Out out) {
    failed_ = true;
    return report(failure, out);
}

}  // namespace patchbay::bedrock
