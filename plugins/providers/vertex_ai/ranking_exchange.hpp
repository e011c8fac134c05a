// SPDX-License-Identifier: Apache-2.0
// The machine of one ranking.
#pragma once

#include <string>
#include <string_view>

#include "ranking.hpp"
#include "whole_exchange.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class RankingExchange : public WholeExchange {
  public:
    RankingExchange(const Shared* shared, std::string_view request_id)
        : WholeExchange(shared), request_id_(request_id) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    bay_status tell(std::string_view answer, bay::Out out) override;

    std::string request_id_;
    RankingCall call_;
};

}  // namespace patchbay::vertex_ai
