// SPDX-License-Identifier: Apache-2.0
// The machine of one request for embeddings.
#pragma once

#include "media_embeddings.hpp"
#include "whole_exchange.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class EmbeddingsExchange : public WholeExchange {
  public:
    using WholeExchange::WholeExchange;

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    bay_status tell(std::string_view answer, bay::Out out) override;

    google::Result<EmbeddingsCall> write(std::string_view client_json) const;
    google::Result<Embeddings> read(std::string_view response_json);

    EmbeddingForm form_ = EmbeddingForm::texts;
    EmbeddingsCall call_;
};

}  // namespace patchbay::vertex_ai
