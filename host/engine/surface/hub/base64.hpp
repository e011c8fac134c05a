// Base64 as JSON APIs use it (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::surface {

/// Of bytes, in the usual alphabet and padded. At most 1 GiB. Pure; any thread.
std::string base64_of(std::string_view bytes);

/// The bytes of `text` in the usual or the URL's alphabet (sections 4 and 5), with its padding or
/// without; nullopt if it is anything else. White space is not skipped.
std::optional<std::string> bytes_of_base64(std::string_view text);

}  // namespace patchbay::surface
