// SPDX-License-Identifier: Apache-2.0
// What every machine of the component is made of.
#pragma once

#include <cstdint>
#include <string>

namespace patchbay::anthropic {

/// Of one exchange.
struct Opening {
    std::string request_id;
    std::uint64_t default_max_tokens = 0;  ///< the operator's; 0 = not set
};

}  // namespace patchbay::anthropic
