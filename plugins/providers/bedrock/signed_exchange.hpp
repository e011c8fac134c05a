// SPDX-License-Identifier: Apache-2.0
// A machine whose call is authorized by AWS: asks for a session if it needs one, calls, and calls once
// more with another session if AWS refuses the first.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "deployment.hpp"
#include "invoke_headers.hpp"
#include "parameters.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::bedrock {

/// [exchange]
class SignedExchange : public bay::Exchange {
  public:
    explicit SignedExchange(const Shared* shared) : shared_(*shared) {}

    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) final;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) final;

  protected:
    /// Finds out what the deployment is; to be called first in on_request().
    Result<void> settle(const bay_ev_request& request);
    /// Makes the call as soon as it is authorized; the last thing of on_request(). The body is that of
    /// `body`, which is kept, and streamed answers are AWS's event streams.
    bay_status start(std::string_view operation, std::string body, bool streamed, bay::Out out);
    /// The client's body without its model, whose bytes stay with the host; it may be edited until
    /// start(), which sends it.
    bay::Splice& clients_body(const bay_ev_request& request);
    bay_status start(std::string_view operation, bool streamed, bay::Out out);
    /// More headers of the call to come, which are signed with it.
    void add_headers(Headers headers) { own_headers_ = std::move(headers); }

    Deployment& deployment() { return *deployment_; }
    /// How the request is to be translated. The views live as long as the event.
    RequestOptions options_of(const bay_ev_request& request) const;

    /// The address of an operation.
    virtual std::string url(std::string_view operation) {
        return deployment_->url(operation, clients_body_.has_value());
    }
    /// The end of the call.
    virtual bay_status ended(const bay_ev_http& done, bay::Out out) = 0;

  private:
    bay_status begin(std::string_view operation, bool streamed, bay::Out out);
    bay_status call(bay::Out out);

    const Shared& shared_;
    std::optional<Deployment> deployment_;
    std::vector<std::pair<std::string, std::string>> client_headers_;
    Headers own_headers_;
    std::string operation_;
    std::string body_;
    std::optional<bay::Splice> clients_body_;  ///< in place of body_; the segments point into it
    std::vector<bay_seg> segments_;
    bay::Digest digest_{};  ///< of the body, if calls are signed
    bool streamed_ = false;
    std::uint32_t calls_ = 0;
};

}  // namespace patchbay::bedrock
