// SPDX-License-Identifier: Apache-2.0
#include "embeddings_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "errors.hpp"
#include "invocation.hpp"

namespace patchbay::bedrock {

bay_status EmbeddingsExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    auto call = embeddings_request(bay::sv(request.json), deployment().model().name);
    if (!call) return report(call.error(), out);
    call_ = std::move(*call);
    return ask_next(out);
}

bay_status EmbeddingsExchange::ask_next(bay::Out out) {
    return start("invoke", std::move(call_.bodies[asked_++]), false, out);
}

bay_status EmbeddingsExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto data = bay::sv(done.data);
    if (auto added = add_embeddings(data, *call_.form, tokens_read(done), answer_); !added) {
        auto failure = added.error();
        failure.upstream_status = done.status;
        failure.upstream_body = data;
        return report(failure, out);
    }
    if (asked_ < call_.bodies.size()) return ask_next(out);
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = answer_.tokens;
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    return out.result(embeddings_list(std::move(answer_), deployment().model().id));
}

}  // namespace patchbay::bedrock
