// The host's crypto service for plugins, "bay.crypto/1", over OpenSSL's EVP interface.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "patchbay/ext/crypto.h"

namespace patchbay {

/// SHA-256 of the bytes. [any thread]
std::array<std::uint8_t, 32> sha256(std::string_view bytes);

/// The same as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// The bytes of a segment that names a blob; nothing if there are none such.
using BlobRange = std::function<std::optional<std::string_view>(const bay_seg&)>;

/// SHA-256 of segments one after another, as bay_crypto::sha256_segments has it.
bay_status sha256_segments(const bay_seg* segments, std::uint64_t count, const BlobRange& range,
                           std::uint8_t out[32]);

/// How the service, which is one for all exchanges, reaches the blobs of that whose bay_out it is
/// given: get_extension(kSegmentDigest) of the host's own bay_outs points to this.
struct SegmentDigest {
    bay_status (*sha256)(bay_out* o, const bay_seg* segments, std::uint64_t count,
                         std::uint8_t out[32]);
};
inline constexpr std::string_view kSegmentDigest = "patchbay.segment_digest";

/// The service table; static. sign() wants an unencrypted PKCS#8 key in PEM: RSA of at least 2048
/// bits for RS256 (RFC 7518 section 3.3), P-256 for ES256, whose signature is R and S of 32 bytes
/// each (RFC 7518 section 3.4). BAY_E_UNSUPPORTED: unknown algorithm. BAY_E_INVALID: unusable key.
/// BAY_E_LIMIT: `out` is too small, *out_len then says what is needed.
const bay_crypto& crypto_service();

}  // namespace patchbay
