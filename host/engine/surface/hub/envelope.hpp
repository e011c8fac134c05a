// Opaque state of a model on its way through a client of another API.
//
// Signatures of thoughts, redacted thoughts and the like mean something to the provider that made
// them and to nobody else. A client whose API is not that provider's carries them in that API's own
// opaque slot, as a text that says whose they are; when they come back, only a writer to the same
// API opens them. A text that was cut or changed is known by its checksum.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::surface {

/// Whose state it is, for opaque values of Anthropic's Messages API.
inline constexpr std::string_view kOfMessages = "messages";

/// "pb1.<origin>.<payload in base64url>.<CRC-32 in hexadecimal>". `origin` is a word of [a-z0-9_-].
/// At most 1 GiB of payload. Pure; any thread.
std::string sealed(std::string_view origin, std::string_view payload);

/// The payload, if `text` is an envelope of that origin and whole.
std::optional<std::string> opened(std::string_view text, std::string_view origin);

}  // namespace patchbay::surface
