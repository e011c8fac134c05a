// Networks of addresses as texts name them, and which addresses are theirs. Values only; any thread.
#pragma once

#include <optional>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace patchbay {

/// The address in version 6, which has one for each of version 4 (::ffff:192.0.2.1), without its zone.
boost::asio::ip::address_v6 in_version_6(const boost::asio::ip::address& address);

/// nullopt if the text is no address. A zone ("%eth0") is not looked at.
std::optional<boost::asio::ip::address_v6> read_address(std::string_view text);

/// "10.0.0.0/8", "fd00::/8", or an address, which is a network of one. What stands behind the bits that count may be
/// anything. nullopt if the text is no network.
std::optional<boost::asio::ip::network_v6> read_network(std::string_view text);

/// Both of them from the functions above.
bool is_within(const boost::asio::ip::address_v6& address,
               const boost::asio::ip::network_v6& network);

}  // namespace patchbay
