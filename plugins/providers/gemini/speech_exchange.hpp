// SPDX-License-Identifier: Apache-2.0
// The machine of one speech.
#pragma once

#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class SpeechExchange : public bay::Exchange {
  public:
    explicit SpeechExchange(const Opening&) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    bool wav_ = true;
};

}  // namespace patchbay::gemini
