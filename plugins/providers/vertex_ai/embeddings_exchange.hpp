// SPDX-License-Identifier: Apache-2.0
// The machine of one request for embeddings.
#pragma once

#include <string>

#include "authorized.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class EmbeddingsExchange : public Authorized {
  public:
    using Authorized::Authorized;

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    std::string url() override { return deployment().url("predict"); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    std::string body_;
    std::size_t inputs_ = 0;
};

}  // namespace patchbay::vertex_ai
