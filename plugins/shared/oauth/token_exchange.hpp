// Fetches a token for everybody who waits for it.
#pragma once

#include <string_view>

#include "failure/failure.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::shared {

/// The machine of a provider's row "": on_refresh() is the provider's. [exchange]
class TokenExchange : public bay::Exchange {
  public:
    /// `server` names the token server in messages ("Google's token server"); static.
    explicit TokenExchange(std::string_view server) : server_(server) {}

    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  protected:
    /// Makes the call, or fails with why there is none. The last thing of on_refresh().
    bay_status fetch(Result<bay::HttpRequest> call, bay::Out out) const;

  private:
    std::string_view server_;
};

}  // namespace patchbay::shared
