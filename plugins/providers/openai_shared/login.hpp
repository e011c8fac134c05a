// The login of rows whose provider exchanges a client's id and secret for a token: OAuth 2.0 (RFC
// 6749, section 4.4), at or beside the provider's address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect.hpp"
#include "oauth/token_exchange.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "site.hpp"

namespace patchbay::openai {

/// A client's: `client_id` and `client_secret` of the deployment, else of the row's settings.
struct Client {
    std::string id, secret;
    bool exists() const { return !id.empty() && !secret.empty(); }
};
Client client_of(const Dialect& dialect, std::string_view params);

/// Where the token server of the provider at `address` is.
std::string login_url(const Dialect& dialect, std::string_view address);

/// For a dialect with a `login`: a key goes before a login. [any]
class LoginSite : public Site {
  public:
    /// What is given belongs to the instance and outlives this.
    LoginSite(const Dialect& dialect, const std::optional<bay::Crypto>& crypto)
        : dialect_(dialect), crypto_(crypto) {}

    Written<Visit> visit(const bay_ev_request& request, std::string_view operation) const override;

  private:
    const Dialect& dialect_;
    const std::optional<bay::Crypto>& crypto_;  // empty: the host does not use the instance
};

/// The machine that logs in. [exchange]
class LoginExchange : public shared::TokenExchange {
  public:
    /// `dialect` must outlive this.
    explicit LoginExchange(const Dialect& dialect)
        : TokenExchange("the provider's token server"), dialect_(dialect) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override;

  private:
    const Dialect& dialect_;
};

}  // namespace patchbay::openai
