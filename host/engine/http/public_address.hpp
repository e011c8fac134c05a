// Which addresses are of the public internet.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace patchbay::http {

/// False for every address that IANA's special-purpose registries (RFC 6890) do not call globally
/// reachable: private, loopback, link-local (where clouds have their metadata), shared, documentation,
/// multicast, reserved; and for IPv6 addresses that lead to such an IPv4 address (mapped, NAT64, 6to4).
/// Any thread.
bool is_public(const boost::asio::ip::address& address);

}  // namespace patchbay::http
