// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion whose tokens are counted, by countTokens.
#pragma once

#include "google/count_machine.hpp"
#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class CountExchange : public bay::Exchange {
  public:
    explicit CountExchange(const Opening&) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override {
        return ask(machine_, request, out);
    }
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override {
        return machine_.done(done, out);
    }

  private:
    google::CountMachine machine_{google::GeneratePass::Counted::within};
};

}  // namespace patchbay::gemini
