// SPDX-License-Identifier: Apache-2.0
// The machine of one request for pictures.
#pragma once

#include "chat/told_pictures.hpp"
#include "images.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class ImagesExchange : public SignedExchange {
  public:
    explicit ImagesExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    ImagesCall call_;
    shared::PictureAudience audience_;
};

}  // namespace patchbay::bedrock
