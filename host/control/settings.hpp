// What of the gateway's configuration management requests depend on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/key_settings.hpp"
#include "config/secret.hpp"

namespace patchbay::control {

struct Settings {
    Secret master_key;            ///< empty: everybody may do everything
    std::int64_t max_budget = 0;  ///< of all calls together, in nano-dollars; 0 = there is none
    std::vector<std::string> guardrails{};  ///< the names of those that are configured
    KeySettings keys{};                     ///< of those that are made
    std::string end_user_budget{};          ///< max_end_user_budget_id
    std::vector<std::string> admin_only_routes{};
    bool disable_custom_api_keys = false;
};

}  // namespace patchbay::control
