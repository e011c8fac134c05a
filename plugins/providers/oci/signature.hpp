// SPDX-License-Identifier: Apache-2.0
// Oracle's request signatures ("Request Signatures" of the OCI documentation: HTTP signatures, version 1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "failure/failure.hpp"
#include "patchbay/sdk/crypto.hpp"

namespace patchbay::oci {

/// Who signs. Holds a secret.
struct Identity {
    std::string tenancy, user, fingerprint;
    std::string key;  ///< PEM, not encrypted
};

/// The headers that authorize a POST of JSON to `url`: date, x-content-sha256 and authorization.
/// `unix_ms` is the host's time. Fails with BAY_ERR_AUTH for a key that cannot sign.
using Headers = std::vector<std::pair<std::string, std::string>>;
shared::Result<Headers> signed_headers(const bay::Crypto& crypto, const Identity& identity,
                                       std::string_view url, std::string_view body,
                                       std::int64_t unix_ms);

/// "Thu, 01 Jan 2026 00:00:00 GMT" (RFC 9110, section 5.6.7).
std::string http_date(std::int64_t unix_ms);

/// Base64 with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);

}  // namespace patchbay::oci
