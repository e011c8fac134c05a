// SPDX-License-Identifier: Apache-2.0
// The host's cryptography for plugins that sign: "bay.crypto/1" with views and strings.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "../ext/crypto.h"
#include "host.hpp"
#include "out.hpp"

namespace bay {

using Digest = std::array<std::uint8_t, 32>;

/// The bytes as a view of text; lives as long as they do.
inline std::string_view bytes_of(const Digest& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Two lower-case hexadecimal digits for each byte.
inline std::string hex(std::string_view bytes) {
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

/// Base64 with the alphabet of URLs and without padding (RFC 7515 section 2).
inline std::string base64url(std::string_view bytes) {
    static constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    text.reserve((4 * bytes.size() + 2) / 3);
    std::uint32_t bits = 0;
    unsigned held = 0;  // bits that are not written yet
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (held += 8; held >= 6; held -= 6) text += kAlphabet[bits >> (held - 6) & 63];
    }
    if (held != 0) text += kAlphabet[bits << (6 - held) & 63];
    return text;
}

/// The host's pure functions; the table is the host's and lives as long as the plugin. [any]
class Crypto {
  public:
    explicit Crypto(const bay_crypto& service) noexcept : service_(&service) {}

    /// What a component needs of it. `digests`: sha256() and hmac_sha256(), which do for SigV4 and
    /// for the keys of shared values; sign() may then give BAY_E_UNSUPPORTED.
    enum class Need { digests, signatures };

    /// The service of this host. Without it, or what is needed of it, nothing is returned and
    /// `diag` has the error, so that the instance is not made: call it in the constructor of the
    /// component.
    static std::optional<Crypto> find(Diag& diag, Need need = Need::signatures) noexcept {
        const auto* service = Host::extension<bay_crypto>(BAY_EXT_CRYPTO);
        const bool signs = service && BAY_HAS(service->size, bay_crypto, sign);
        const bool digests = service && BAY_HAS(service->size, bay_crypto, hmac_sha256);
        if (need == Need::signatures ? signs : digests) return Crypto(*service);
        diag.error("", service ? "this host cannot sign: its service " BAY_EXT_CRYPTO " is older"
                               : "this host lacks the service " BAY_EXT_CRYPTO);
        return std::nullopt;
    }

    Digest sha256(std::string_view bytes) const noexcept {
        Digest digest;
        service_->sha256(str(bytes), digest.data());
        return digest;
    }

    /// SHA-256 of the segments of a body one after another, blobs of the host included. `out` is
    /// that of the event in hand. BAY_E_UNSUPPORTED where the host cannot: one older than 0.3, or
    /// blobs in a plugin with a process of its own; BAY_E_INVALID: no such blob or range. `digest`
    /// is set with BAY_OK only. [exchange]
    bay_status sha256(Out out, const std::vector<bay_seg>& segments,
                      Digest& digest) const noexcept {
        if (!BAY_HAS(service_->size, bay_crypto, sha256_segments)) return BAY_E_UNSUPPORTED;
        Digest made;
        const bay_status status =
            service_->sha256_segments(out.raw(), segments.data(), segments.size(), made.data());
        if (status == BAY_OK) digest = made;
        return status;
    }

    Digest hmac_sha256(std::string_view key, std::string_view bytes) const noexcept {
        Digest digest;
        service_->hmac_sha256(str(key), str(bytes), digest.data());
        return digest;
    }

    /// The signature of `bytes` as JWS has it (RFC 7518): of "ES256" R and S, 32 bytes each, and no
    /// DER. `pem`: an unencrypted PKCS#8 key. BAY_E_INVALID: a key that cannot be used for this;
    /// BAY_E_UNSUPPORTED: an unknown algorithm, or a host that cannot sign. `signature` is set with
    /// BAY_OK only.
    bay_status sign(std::string_view algorithm, std::string_view pem, std::string_view bytes,
                    std::string& signature) const {
        if (!BAY_HAS(service_->size, bay_crypto, sign)) return BAY_E_UNSUPPORTED;
        std::string made(512, '\0');  // RSA of 4096 bits
        std::size_t size = made.size();
        bay_status status = sign_into(algorithm, pem, bytes, made, size);
        if (status == BAY_E_LIMIT && size > made.size()) {
            made.resize(size);
            status = sign_into(algorithm, pem, bytes, made, size);
        }
        if (status != BAY_OK) return status;
        made.resize(size);
        signature = std::move(made);
        return BAY_OK;
    }

  private:
    bay_status sign_into(std::string_view algorithm, std::string_view pem, std::string_view bytes,
                         std::string& to, std::size_t& size) const noexcept {
        return service_->sign(str(algorithm), str(pem), str(bytes),
                              reinterpret_cast<std::uint8_t*>(to.data()), &size);
    }

    const bay_crypto* service_;
};

}  // namespace bay
