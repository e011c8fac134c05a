// When an upstream says to try again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "patchbay/abi.h"

namespace patchbay::shared {

/// An HTTP date in its preferred form, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7),
/// as seconds since the epoch. Nothing for anything else: the obsolete forms are not sent by
/// servers of this kind.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// Milliseconds to wait by the response headers `retry-after-ms`, else `retry-after` (seconds,
/// fractions allowed, or an HTTP date); 0 if there is none or the time has passed. At most one
/// hour. `now_ms` is the host's clock; names in `headers` are in lower case.
std::uint32_t retry_after_ms(std::span<const bay_kv> headers, std::int64_t now_ms);

}  // namespace patchbay::shared
