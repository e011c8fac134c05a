// What of the gateway's configuration management requests depend on.
#pragma once

#include <cstdint>

#include "config/secret.hpp"

namespace patchbay::control {

struct Settings {
    Secret master_key;            ///< empty: everybody may do everything
    std::int64_t max_budget = 0;  ///< of all calls together, in nano-dollars; 0 = there is none
};

}  // namespace patchbay::control
