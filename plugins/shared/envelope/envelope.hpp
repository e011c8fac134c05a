// Opaque state of a model on its way through a client: whose it is, and that it is whole.
//
// Signatures and encrypted thoughts mean something to the API that made them and to nobody else.
// In OpenAI's chat API they travel in `thinking_blocks`, where only those of Anthropic's stand bare;
// all others are envelopes, so that a conversation which goes on at another provider does not bring
// it what it must refuse. The form is that of the gateway's own client APIs (docs/responses.md):
//
//     pb1.<origin>.<payload in base64url>.<CRC-32 in hexadecimal>
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::shared {

/// Whose state it is: OpenAI's, from its Responses API.
inline constexpr std::string_view kOfResponses = "responses";

/// `origin` is a word of [a-z0-9_-]. At most 1 GiB of payload. Pure; any thread.
std::string sealed(std::string_view origin, std::string_view payload);

/// The payload, if `text` is an envelope of that origin and whole.
std::optional<std::string> opened(std::string_view text, std::string_view origin);

/// True if it is an envelope of anybody's, even if it is broken.
bool is_envelope(std::string_view text);

}  // namespace patchbay::shared
