// Credentials of Microsoft Entra (Azure Active Directory), and the calls that turn them into an
// access token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/access.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::entra {

/// What the operator sets for all deployments, member by member: it stands in for what one of them
/// does not say. Holds secrets. Immutable.
struct Settings {
    std::string tenant_id, client_id, client_secret;
    std::string username, password;
    std::string federated_token;  ///< what the platform vouches with for who has no secret
    std::string token;            ///< an access token that somebody else renews
    std::string credential;       ///< "ManagedIdentityCredential", or empty
    std::string scope;            ///< empty: kScope
    std::string authority;  ///< "https://login.microsoftonline.com", without a slash at its end
    std::string metadata;   ///< of a virtual machine: "http://169.254.169.254"
    std::string identity_endpoint, identity_header;  ///< of App Service and Functions
};

/// Of the component's settings, read: `tenant_id`, `client_id`, `client_secret`, `azure_username`,
/// `azure_password`, `azure_ad_token`, `azure_credential`, `azure_scope`, `authority_host`,
/// `metadata_url`, `identity_endpoint`, `identity_header`, and the text of the file
/// `federated_token_file`.
Settings read_settings(const shared::json::object& config);

/// The scope of Azure's AI services.
inline constexpr std::string_view kScope = "https://cognitiveservices.azure.com/.default";

/// What a deployment logs in with. Holds secrets: never in a message or a log.
class Credentials {
  public:
    /// Of a deployment's parameters (LiteLLM's `tenant_id`, `client_id`, `client_secret`,
    /// `azure_username`, `azure_password`, `azure_scope`, `azure_credential`); nothing if they are
    /// not complete.
    static std::optional<Credentials> of(const shared::json::object& params,
                                         const Settings& settings);

    /// Names the token that these give, for shared values: a digest of all that they are.
    std::string key(const bay::Crypto& crypto) const;

    bay::HttpRequest token_call(const Settings& settings) const;

  private:
    enum class Kind { client_secret, password, managed_identity, federated };

    bay::HttpRequest managed_identity_call(const Settings& settings) const;

    Kind kind_ = Kind::client_secret;
    std::string tenant_, client_id_, client_secret_, username_, password_, scope_, assertion_;
};

}  // namespace patchbay::entra
