// SPDX-License-Identifier: Apache-2.0
#include "embeddings_exchange.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

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
    body_ = std::move(call_.body);
    address_ = deployment().url(embedding_verb(form_));
    return start(out);
}

bay_status EmbeddingsExchange::tell(std::string_view answer, bay::Out out) {
    const auto embeddings = read(answer);
    if (!embeddings) return tell_failure(embeddings.error(), out);
    bay_usage usage{};
    usage.input_tokens = embeddings->tokens;
    usage.characters = call_.characters;
    if (const auto status = out.usage(usage); status != BAY_OK) return status;
    return out.result(embeddings->json);
}

}  // namespace patchbay::vertex_ai
