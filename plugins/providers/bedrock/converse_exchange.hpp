// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Converse itself: the client's bytes, with the upstream's model in the
// address, and the answer as it comes. Nothing is translated, and nothing added.
#pragma once

#include "failure/passed_answer.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class ConverseExchange : public SignedExchange {
  public:
    explicit ConverseExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return answer_->head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return answer_->frame(frame, out);
    }

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override {
        return answer_->done(done, out);
    }

    std::optional<shared::PassedAnswer> answer_;  ///< from on_request() on
};

}  // namespace patchbay::bedrock
