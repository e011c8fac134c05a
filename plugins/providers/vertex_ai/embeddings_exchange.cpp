// SPDX-License-Identifier: Apache-2.0
#include "embeddings_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "google/errors.hpp"

namespace patchbay::vertex_ai {

google::Result<EmbeddingsCall> EmbeddingsExchange::write(std::string_view client_json) const {
    if (form_ == EmbeddingForm::media) return media_request(client_json);
    if (form_ == EmbeddingForm::content) return content_request(client_json);
    return embeddings_request(client_json);
}

google::Result<Embeddings> EmbeddingsExchange::read(std::string_view response_json) {
    const auto model = deployment().model();
    if (form_ == EmbeddingForm::media) return media_answer(response_json, model, call_);
    if (form_ == EmbeddingForm::content) return content_answer(response_json, model);
    return embeddings_answer(response_json, model, call_.inputs);
}

bay_status EmbeddingsExchange::on_request(const bay_ev_request& request, bay::Out out) {
    form_ = embedding_form(bay::sv(request.target->model));
    auto call = write(bay::sv(request.json));
    if (!call) return google::report(call.error(), out);
    call_ = std::move(*call);
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    return start(out);
}

bay_status EmbeddingsExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json").flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    return call.body_view(call_.body).send(out);
}

bay_status EmbeddingsExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return google::report(google::failure_of_call(done), out);
    if (done.status / 100 != 2) return google::report(google::failure_of_answer(done), out);
    const auto answer = read(bay::sv(done.data));
    if (!answer) {
        auto failure = answer.error();
        failure.upstream_status = done.status;
        return google::report(failure, out);
    }
    bay_usage usage{};
    usage.input_tokens = answer->tokens;
    usage.characters = call_.characters;
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    return out.result(answer->json);
}

}  // namespace patchbay::vertex_ai
