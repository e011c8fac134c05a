// Base64 (RFC 4648, section 4) of what clients and providers put into JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::shared {

/// The bytes; padding is optional. Nothing if the text is malformed.
std::optional<std::string> decode_base64(std::string_view base64);

/// With padding.
std::string encode_base64(std::string_view bytes);

}  // namespace patchbay::shared
