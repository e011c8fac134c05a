// Percent-encoding (RFC 3986 section 2.1).
#pragma once

#include <string>
#include <string_view>

namespace patchbay::http {

/// A '%' without two hex digits stays as it is. The result may be any bytes.
std::string percent_decoded(std::string_view text);

}  // namespace patchbay::http
