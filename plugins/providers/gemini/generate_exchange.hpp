// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Google's own API to AI Studio.
#pragma once

#include "google/generate_pass.hpp"
#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class GenerateExchange : public bay::Exchange {
  public:
    explicit GenerateExchange(google::GeneratePass::What what)
        : pass_(what, google::GeneratePass::Counted::within) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override {
        return pass_.answer().head(head, out);
    }
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override {
        return pass_.answer().frame(frame, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        return pass_.answer().done(done, out);
    }

  private:
    google::GeneratePass pass_;
};

}  // namespace patchbay::gemini
