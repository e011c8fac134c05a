// A machine that calls Anthropic's Messages API for a Claude model at Azure: where, with what, and once
// more with another token if the first is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "anthropic/betas.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"
#include "sites.hpp"

namespace patchbay::azure {

/// [exchange]
class ClaudeCall : public bay::Exchange {
  public:
    /// `shared` must outlive it (it is the instance's). `path` stands behind ".../v1/messages"; static.
    explicit ClaudeCall(const Shared& shared, std::string_view path = {})
        : shared_(shared), path_(path) {}

    bay_status on_shared(const bay_ev_shared& shared, bay::Out out) final;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) final;

  protected:
    /// Finds out where the deployment is and what authorizes its calls; to be called first in
    /// on_request(). A status: the request has failed, which has been told.
    std::optional<bay_status> settle(const bay_ev_request& request, bay::Out out);
    /// The target's params.
    const shared::json::object& settings() const { return settings_; }
    bool streamed() const { return streamed_; }
    /// Makes the call as soon as it is authorized; the last thing of on_request().
    bay_status start(const bay_ev_request& request, anthropic::Betas betas, bay::Out out);

    /// Adds the body. May come twice.
    virtual void write(bay::HttpRequest& call) = 0;
    /// The end of the call.
    virtual bay_status ended(const bay_ev_http& done, bay::Out out) = 0;

  private:
    bay_status send(bay::Out out);

    const Shared& shared_;
    std::string_view path_;
    shared::json::object settings_;
    shared::Access access_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string url_;
    bool streamed_ = false;
    std::uint32_t calls_ = 0;
};

}  // namespace patchbay::azure
