// Percent-encoding (RFC 3986 section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay::http {

/// The byte that the "%xx" at the start of `text` stands for; nullopt if it does not start so.
std::optional<char> percent_escape(std::string_view text);

/// A '%' without two hex digits stays as it is. The result may be any bytes.
std::string percent_decoded(std::string_view text);

}  // namespace patchbay::http
