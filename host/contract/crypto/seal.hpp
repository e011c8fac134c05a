// Short texts that leave the process and must come back unread and unchanged.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay {

/// Seals by AES-256-GCM with a nonce of its own; every text is sealed differently each time. Immutable
/// after construction; may be used from any thread.
class SealKey {
  public:
    /// One key for each purpose, made from a secret of any length by HMAC-SHA-256. Whoever has the
    /// secret, now or after a restart, can open what is sealed.
    SealKey(std::string_view secret, std::string_view purpose);
    SealKey() : SealKey({}, {}) {}

    /// The sealed text in the URL-safe base64 of RFC 4648 section 5, without padding: 38 characters
    /// and four thirds of the text. Empty if there was no randomness to be had.
    std::string seal(std::string_view text) const;
    /// nullopt: not sealed with this key.
    std::optional<std::string> open(std::string_view sealed) const;

  private:
    std::array<std::uint8_t, 32> key_{};
};

}  // namespace patchbay
