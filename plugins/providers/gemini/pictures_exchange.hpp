// SPDX-License-Identifier: Apache-2.0
// The machine of one request for pictures.
#pragma once

#include "chat/told_pictures.hpp"
#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class PicturesExchange : public bay::Exchange {
  public:
    explicit PicturesExchange(const Opening&) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    shared::PictureAudience audience_;
};

}  // namespace patchbay::gemini
