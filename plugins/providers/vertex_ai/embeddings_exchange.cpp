// SPDX-License-Identifier: Apache-2.0
#include "embeddings_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "embeddings.hpp"
#include "google/errors.hpp"

namespace patchbay::vertex_ai {

bay_status EmbeddingsExchange::on_request(const bay_ev_request& request, bay::Out out) {
    auto call = embeddings_request(bay::sv(request.json));
    if (!call) return google::report(call.error(), out);
    body_ = std::move(call->body);
    inputs_ = call->inputs;
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    return start(out);
}

bay_status EmbeddingsExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json").flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    return call.body_view(body_).send(out);
}

bay_status EmbeddingsExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return google::report(google::failure_of_call(done), out);
    if (done.status / 100 != 2) return google::report(google::failure_of_answer(done), out);
    const auto answer = embeddings_answer(bay::sv(done.data), deployment().model(), inputs_);
    if (!answer) {
        auto failure = answer.error();
        failure.upstream_status = done.status;
        return google::report(failure, out);
    }
    bay_usage usage{};
    usage.input_tokens = answer->tokens;
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    return out.result(answer->json);
}

}  // namespace patchbay::vertex_ai
