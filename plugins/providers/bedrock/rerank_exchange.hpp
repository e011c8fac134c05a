// SPDX-License-Identifier: Apache-2.0
// The machine of one ranking.
#pragma once

#include <string>

#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class RerankExchange : public SignedExchange {
  public:
    RerankExchange(const Shared* shared, std::string_view request_id)
        : SignedExchange(shared), request_id_(request_id) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    std::string url(std::string_view operation) override {
        return deployment().agents_url(operation);
    }
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    std::string request_id_;
    std::size_t documents_ = 0;
};

}  // namespace patchbay::bedrock
