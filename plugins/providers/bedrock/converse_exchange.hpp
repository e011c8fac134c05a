// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Converse itself: the client's bytes, with the upstream's model in the
// address, and the answer as it comes. Nothing is translated, and nothing added.
#pragma once

#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class ConverseExchange : public SignedExchange {
  public:
    explicit ConverseExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    /// Fails with what `answer`, which is none of this API, says is wrong, else with `why`.
    bay_status refuse_answer(const bay_ev_http& answer, std::string_view why, bay::Out out);

    bool streamed_ = false;
    bool passing_ = false;  ///< the host forwards the answer
    bool finished_ = false;
};

}  // namespace patchbay::bedrock
