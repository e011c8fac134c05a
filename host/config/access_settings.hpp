// Who may come in at all, before a key is looked at. Names are LiteLLM's; docs/keys.md tells what each does. Values only,
// read from any thread once loaded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/address_list.hpp"

namespace patchbay {

/// Of `general_settings`.
struct AccessSettings {
    std::optional<AddressList> allowed_ips{};  ///< nullopt: every address
    bool use_x_forwarded_for = false;          ///< the client is whom the nearest proxy names
    /// trusted_proxy_ranges: only these are proxies, and what they say of one another counts; nullopt: whoever is connected is.
    std::optional<AddressList> trusted_proxies{};
    std::optional<std::vector<std::string>> allowed_routes{};  ///< nullopt: every route
    std::vector<std::string> admin_only_routes{};
};

}  // namespace patchbay
