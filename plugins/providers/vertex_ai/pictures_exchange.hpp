// SPDX-License-Identifier: Apache-2.0
// The machine of one request for pictures.
#pragma once

#include <string>

#include "authorized.hpp"
#include "chat/told_pictures.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class PicturesExchange : public Authorized {
  public:
    using Authorized::Authorized;

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    std::string url() override { return deployment().url(method_); }
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    std::string body_;
    std::string_view method_;
    shared::PictureAudience audience_;
};

}  // namespace patchbay::vertex_ai
