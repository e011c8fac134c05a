// SPDX-License-Identifier: Apache-2.0
// The machine of one request for embeddings: a call for each text, one after another, or one for all.
#pragma once

#include <string>

#include "embeddings.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class EmbeddingsExchange : public SignedExchange {
  public:
    explicit EmbeddingsExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    bay_status ask_next(bay::Out out);

    EmbeddingsCall call_;
    EmbeddingsAnswer answer_;
    std::size_t asked_ = 0;
};

}  // namespace patchbay::bedrock
