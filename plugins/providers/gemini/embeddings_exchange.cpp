// SPDX-License-Identifier: Apache-2.0
#include "embeddings_exchange.hpp"

#include "embeddings.hpp"
#include "endpoint.hpp"
#include "google/errors.hpp"

namespace patchbay::gemini {

bay_status EmbeddingsExchange::on_request(const bay_ev_request& request, bay::Out out) {
    model_ = bay::sv(request.target->model);
    const auto call = embeddings_request(bay::sv(request.json), model_);
    if (!call) return google::report(call.error(), out);
    inputs_ = call->inputs;
    characters_ = call->characters;
    bay::HttpRequest http(
        "POST", model_url(bay::sv(request.target->base_url), model_, "batchEmbedContents"));
    http.header("content-type", "application/json");
    add_own_headers(request, http);
    http.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).body_view(call->body);
    return http.send(out);
}

bay_status EmbeddingsExchange::on_http_done(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return google::report(google::failure_of_call(done), out);
    if (done.status / 100 != 2) return google::report(google::failure_of_answer(done), out);
    const auto answer = embeddings_answer(bay::sv(done.data), model_, inputs_);
    if (!answer) {
        auto failure = answer.error();
        failure.upstream_status = done.status;
        return google::report(failure, out);
    }
    bay_usage usage{};
    usage.characters = characters_;
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    return out.result(*answer);
}

}  // namespace patchbay::gemini
