// The parts of a multipart request, as a plugin sees them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "contract/framing/multipart.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// A part that is larger is not shown to the plugin, which sends it on as a blob.
inline constexpr std::size_t kMaxShownPart = 64u << 10;

/// Views `from`, which is blob `blob` of the exchange: 1 and up, in the order of the parts.
bay_part to_part(const http::FormPart& from, std::uint64_t blob);

}  // namespace patchbay
