// How the calls of one exchange are authorized: by a key, or by a token that requests share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "credentials.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::google {

/// One exchange's. Holds secrets.
class Access {
  public:
    /// Of a deployment's api_key: Google's API keys go in a header of their own, every other text
    /// is taken for an access token.
    static Access by_key(std::string_view api_key);
    /// Of credentials, whose token is a shared value.
    static Access by_token(const Credentials& credentials, const bay::Crypto& crypto);

    /// A call may go out; else ask() for the token first.
    bool ready() const { return !value_.empty(); }
    bay_status ask(bay::Out out) const { return out.shared_get(key_); }
    /// The answer to ask(), which had BAY_OK.
    void take(const bay_ev_shared& shared);
    /// A call that ended with `status` is to be made once more with another token, which is asked for
    /// here: the provider has revoked this one. At most once.
    bool renews(int status, bay::Out out);

    std::string_view header() const { return header_; }
    const std::string& value() const { return value_; }

  private:
    std::string_view header_ = "authorization";
    std::string value_;
    std::string key_;    ///< of the shared value; empty: there is none
    std::string token_;  ///< as it was shared
    bool renewed_ = false;
};

/// Fetches the token for everybody who waits for it. [exchange]
class TokenExchange : public bay::Exchange {
  public:
    TokenExchange(const bay::Crypto& crypto, const Credentials::Servers& servers)
        : crypto_(crypto), servers_(servers) {}

    /// To be called in on_refresh() with the credentials of the deployment that asked.
    bay_status fetch(const Result<Credentials>& credentials, bay::Out out);
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    const bay::Crypto& crypto_;
    const Credentials::Servers& servers_;
};

}  // namespace patchbay::google
