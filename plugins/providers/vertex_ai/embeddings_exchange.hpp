// SPDX-License-Identifier: Apache-2.0
// The machine of one request for embeddings.
#pragma once

#include <string>

#include "authorized.hpp"
#include "media_embeddings.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class EmbeddingsExchange : public Authorized {
  public:
    using Authorized::Authorized;

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    std::string url() override { return deployment().url(embedding_verb(form_)); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    google::Result<EmbeddingsCall> write(std::string_view client_json) const;
    google::Result<Embeddings> read(std::string_view response_json);

    EmbeddingForm form_ = EmbeddingForm::texts;
    EmbeddingsCall call_;
};

}  // namespace patchbay::vertex_ai
