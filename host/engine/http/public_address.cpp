#include "engine/http/public_address.hpp"

#include <cassert>
#include <initializer_list>
#include <string_view>

#include "config/address_list.hpp"

namespace patchbay::http {

namespace {

namespace ip = boost::asio::ip;

AddressList networks(std::initializer_list<std::string_view> texts) {
    AddressList list;
    for (const std::string_view text : texts) {
        [[maybe_unused]] const bool read = list.add(text);
        assert(read);
    }
    return list;
}

/// The address of version 4 that begins at a byte of `address`, in version 6.
ip::address_v6 embedded(const ip::address_v6& address, std::size_t at) {
    const auto bytes = address.to_bytes();
    return ip::make_address_v6(ip::v4_mapped, ip::address_v4({bytes.at(at), bytes.at(at + 1),
                                                              bytes.at(at + 2), bytes.at(at + 3)}));
}

ip::address_v6 reached_by(const ip::address_v6& address) {
    static const AddressList nat64 = networks({"64:ff9b::/96"});
    static const AddressList six_to_four = networks({"2002::/16"});
    if (nat64.holds(address)) return embedded(address, 12);
    if (six_to_four.holds(address)) return embedded(address, 2);
    return address;
}

}  // namespace

// IANA's Special-Purpose Address Registries of both versions, of what is within global unicast, and multicast.
bool is_public(const ip::address& address) {
    static const AddressList global = networks({"0.0.0.0/0", "2000::/3"});
    static const AddressList special = networks({
        "0.0.0.0/8",        // this network
        "10.0.0.0/8",       // private
        "100.64.0.0/10",    // shared, between a carrier and its clients
        "127.0.0.0/8",      // loopback
        "169.254.0.0/16",   // link-local
        "172.16.0.0/12",    // private
        "192.0.0.0/24",     // protocol assignments
        "192.0.2.0/24",     // documentation
        "192.88.99.0/24",   // relays of 6to4
        "192.168.0.0/16",   // private
        "198.18.0.0/15",    // benchmarks
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",   // documentation
        "224.0.0.0/4",      // multicast
        "240.0.0.0/4",      // reserved, and broadcast
        "2001::/23",        // protocol assignments, Teredo among them
        "2001:db8::/32",    // documentation
        "3fff::/20",        // documentation
    });
    const auto reached = reached_by(in_version_6(address));
    return global.holds(reached) && !special.holds(reached);
}

}  // namespace patchbay::http
