// SPDX-License-Identifier: Apache-2.0
// What authorizes calls of GigaChat's API: a token, for which the account's credentials are exchanged
// ("Getting an access token" of the API's reference).
#pragma once

#include <string>
#include <string_view>

#include "oauth/token.hpp"
#include "oauth/token_exchange.hpp"
#include "openai_shared/site.hpp"
#include "patchbay/sdk/crypto.hpp"

namespace patchbay::gigachat {

inline constexpr std::string_view kAddress = "https://gigachat.devices.sberbank.ru/api/v1";
inline constexpr std::string_view kAuthUrl = "https://ngw.devices.sberbank.ru:9443/api/v2/oauth";
inline constexpr std::string_view kScope = "GIGACHAT_API_PERS";

/// The component's. Holds no secrets.
struct Settings {
    std::string auth_url{kAuthUrl};
    std::string scope{kScope};
};

/// True for a token, which is sent as it is: all that begins as a JWT. Credentials are base64 of a
/// UUID and do not.
bool is_token(std::string_view key);

/// The version of the API that a deployment uses, "scope" of its settings, else the component's.
std::string scope_of(std::string_view params, const Settings& settings);

/// Names the token of these credentials, for shared values: a digest.
std::string token_key(std::string_view credentials, std::string_view scope,
                      const Settings& settings, const bay::Crypto& crypto);

/// Where an address of the operator's that stands in for GigaChat's has the token server: beside the
/// API, as GigaChat has. Empty for GigaChat's own address.
std::string other_auth_url(std::string_view base);

/// {"access_token", "expires_at"}, the time in milliseconds since 1970, as `now_ms` is. Fails with
/// BAY_ERR_AUTH if it holds no token that lives.
shared::Result<shared::Token> read_token(std::string_view json, std::int64_t now_ms);

/// [any]
class Site : public openai::Site {
  public:
    /// What is given belongs to the instance and outlives this. Without `crypto` the host does not use
    /// the instance.
    Site(const Settings& settings, const bay::Crypto* const& crypto)
        : settings_(settings), crypto_(crypto) {}

    openai::Written<openai::Visit> visit(const bay_ev_request& request,
                                         std::string_view operation) const override;

  private:
    const Settings& settings_;
    const bay::Crypto* const& crypto_;
};

/// The machine that exchanges credentials. [exchange]
class TokenExchange : public shared::TokenExchange {
  public:
    /// `settings` must outlive this.
    explicit TokenExchange(const Settings& settings)
        : shared::TokenExchange("GigaChat's token server"), settings_(settings) {}

    bay_status on_refresh(const bay_ev_refresh& refresh, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    bay::HttpRequest call(std::uint32_t number, std::string_view url) const;

    const Settings& settings_;
    std::string authorization_, form_;
    std::string other_url_;  ///< asked if the first cannot be reached; empty: nobody
};

}  // namespace patchbay::gigachat
