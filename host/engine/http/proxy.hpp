// Which proxy, if any, stands between this process and an origin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/client.hpp"

namespace patchbay::http {

struct Proxy {
    std::string host;  ///< without brackets for IPv6
    std::uint16_t port = 0;
    std::string authorization;  ///< value of Proxy-Authorization; a secret; empty if none
};

/// "http://user:password@host:port", scheme and port (80) optional, user info percent-encoded.
/// nullopt if it cannot be read or has another scheme.
std::optional<Proxy> parse_proxy(std::string_view text);

/// True if `no_proxy` names the host. Entries are separated by commas or blanks: "*", a name that
/// also covers what is under it (a leading dot changes nothing), an address, a network such
/// as 10.0.0.0/8; a name or an IPv4 address may carry a port, an IPv6 address too if it is in
/// brackets.
bool bypasses_proxy(std::string_view host, std::uint16_t port, std::string_view no_proxy);

}  // namespace patchbay::http
