// The host's crypto service for plugins, "bay.crypto/1", over OpenSSL's EVP interface.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "patchbay/ext/crypto.h"

namespace patchbay {

/// SHA-256 of the bytes. [any thread]
std::array<std::uint8_t, 32> sha256(std::string_view bytes);

/// The same as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// The service table; static. sign() wants an unencrypted PKCS#8 key in PEM: RSA of at least 2048
/// bits for RS256 (RFC 7518 section 3.3), P-256 for ES256, whose signature is R and S of 32 bytes
/// each (RFC 7518 section 3.4). BAY_E_UNSUPPORTED: unknown algorithm. BAY_E_INVALID: unusable key.
/// BAY_E_LIMIT: `out` is too small, *out_len then says what is needed.
const bay_crypto& crypto_service();

}  // namespace patchbay
