// SPDX-License-Identifier: Apache-2.0
// Signed JSON Web Tokens (RFC 7519) in the compact form of JWS (RFC 7515), as service accounts and
// client assertions of OAuth want them.
#pragma once

#include <string>

#include "crypto.hpp"
#include "upstream.hpp"

namespace bay {

/// Makes `token`, "header.claims.signature", of the JSON object `claims`, whose "iat" and "exp" are
/// seconds: Host::unix_ms() / 1000. `algorithm`: "RS256" or "ES256"; `pem`: an unencrypted PKCS#8
/// key; `key_id`: the header's "kid", none if it is empty. A failure is that of Crypto::sign() and
/// leaves `token` as it was. Signing with RSA takes about a millisecond: do it for a token that
/// many requests share. [any]
inline bay_status jwt(const Crypto& crypto, std::string_view algorithm, std::string_view pem,
                      std::string_view key_id, std::string_view claims, std::string& token) {
    std::string header = "{\"alg\":" + json_quote(algorithm) + ",\"typ\":\"JWT\"";
    if (!key_id.empty()) header += ",\"kid\":" + json_quote(key_id);
    header += '}';
    std::string made = base64url(header) + '.' + base64url(claims);
    std::string signature;
    const bay_status status = crypto.sign(algorithm, pem, made, signature);
    if (status == BAY_OK) token = made + '.' + base64url(signature);
    return status;
}

}  // namespace bay
