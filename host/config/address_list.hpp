// Addresses of clients and networks of them: `general_settings.allowed_ips`.
#pragma once

#include <string_view>
#include <vector>

#include "config/network.hpp"

namespace patchbay {

/// Values only. Addresses of version 4 are the same as those that version 6 has for them (::ffff:192.0.2.1).
class AddressList {
  public:
    /// Adds "192.0.2.1", "2001:db8::1", "10.0.0.0/8" or "fd00::/8". False: it is none of these, and nothing is added.
    bool add(std::string_view text);
    /// False for a text that is no address. A zone ("%eth0") is not looked at.
    bool holds(std::string_view address) const;
    bool holds(const boost::asio::ip::address_v6& address) const;

  private:
    std::vector<boost::asio::ip::network_v6> networks_;
};

/// The address in an item of x-forwarded-for, without white space and a port: "192.0.2.1:4711", "[2001:db8::1]:4711".
std::string_view forwarded_address(std::string_view item);

}  // namespace patchbay
