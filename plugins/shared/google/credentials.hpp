// Google's credentials, and the calls that turn them into an access token.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "failure.hpp"
#include "oauth/access.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::google {

/// What a deployment logs in with. Holds secrets: never in a message or a log.
class Credentials {
  public:
    /// Reads a key file's JSON: of a service account, or of a user who logged in
    /// ("authorized_user"). An empty text stands for the machine's own account, which its metadata
    /// server knows. Fails with BAY_ERR_AUTH, without repeating any of the text.
    static Result<Credentials> read(std::string_view json);

    /// Names the token that these give, for shared values: a digest of all that they are.
    std::string key(const bay::Crypto& crypto) const;

    /// The project that a key file names; empty if it names none.
    const std::string& project() const { return project_; }

    /// Where tokens are asked for, and where the metadata server is, unless the operator says
    /// otherwise.
    struct Servers {
        std::string token;  ///< "https://oauth2.googleapis.com/token"; empty: what the file says
        std::string metadata = "http://metadata.google.internal";
    };

    /// The call for a token; `now` in seconds since 1970. A service account signs an assertion that
    /// lasts an hour (RFC 7523). Fails with BAY_ERR_AUTH if its key cannot sign.
    Result<bay::HttpRequest> token_call(const bay::Crypto& crypto, const Servers& servers,
                                        std::int64_t now) const;

  private:
    enum class Kind { machine, service_account, user };

    Kind kind_ = Kind::machine;
    std::string text_;  ///< as it was read
    std::string project_;
    std::string token_uri_;
    std::string email_, private_key_, key_id_;               ///< service account
    std::string client_id_, client_secret_, refresh_token_;  ///< user
};

/// How a deployment's api_key authorizes its calls: Google's API keys go in a header of their own,
/// every other text is taken for an access token.
shared::Access access_by_key(std::string_view api_key);

}  // namespace patchbay::google
