// SPDX-License-Identifier: Apache-2.0
// The machine of one request for embeddings.
#pragma once

#include <string>

#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class EmbeddingsExchange : public bay::Exchange {
  public:
    explicit EmbeddingsExchange(const Opening&) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    std::string model_;
    std::size_t inputs_ = 0;
    std::size_t characters_ = 0;
};

}  // namespace patchbay::gemini
