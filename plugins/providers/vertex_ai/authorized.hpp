// SPDX-License-Identifier: Apache-2.0
// A machine whose call needs a token: asks for it, calls, and calls once more with another token if
// the provider has revoked the first.
#pragma once

#include <optional>

#include "deployment.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class Authorized : public bay::Exchange {
  public:
    explicit Authorized(const Shared* shared) : shared_(*shared) {}

    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) final;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) final;

  protected:
    /// Finds out what the deployment is; to be called first in on_request().
    google::Result<void> settle(const bay_ev_request& request);
    /// Says whose quota and bill the call is on, which services beside Vertex AI want of users' credentials.
    /// A key is its project's own.
    void charge_project();
    /// Makes the call as soon as it is authorized; the last thing of on_request().
    bay_status start(bay::Out out);

    Deployment& deployment() { return *deployment_; }

    /// Adds what is to be sent to a call that has its headers, and sends it. May come twice.
    virtual std::string url() = 0;
    virtual bay_status send(bay::HttpRequest& call, bay::Out out) = 0;
    /// The end of the call.
    virtual bay_status ended(const bay_ev_http& done, bay::Out out) = 0;

  private:
    bay_status call(bay::Out out);

    const Shared& shared_;
    std::optional<Deployment> deployment_;
    std::vector<std::pair<std::string, std::string>> client_headers_;
    std::uint32_t calls_ = 0;
};

}  // namespace patchbay::vertex_ai
