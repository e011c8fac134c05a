#include "engine/http/public_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace patchbay::http {

namespace {

namespace ip = boost::asio::ip;

struct Network4 {
    std::uint32_t base;
    int bits;
};

constexpr std::uint32_t of(unsigned a, unsigned b, unsigned c) {
    return a << 24 | b << 16 | c << 8;
}

// IANA IPv4 Special-Purpose Address Registry, and multicast.
constexpr std::array kSpecial4{
    Network4{of(0, 0, 0), 8},        // this network
    Network4{of(10, 0, 0), 8},       // private
    Network4{of(100, 64, 0), 10},    // shared, between a carrier and its clients
    Network4{of(127, 0, 0), 8},      // loopback
    Network4{of(169, 254, 0), 16},   // link-local
    Network4{of(172, 16, 0), 12},    // private
    Network4{of(192, 0, 0), 24},     // protocol assignments
    Network4{of(192, 0, 2), 24},     // documentation
    Network4{of(192, 88, 99), 24},   // relays of 6to4
    Network4{of(192, 168, 0), 16},   // private
    Network4{of(198, 18, 0), 15},    // benchmarks
    Network4{of(198, 51, 100), 24},  // documentation
    Network4{of(203, 0, 113), 24},   // documentation
    Network4{of(224, 0, 0), 4},      // multicast
    Network4{of(240, 0, 0), 4},      // reserved, and broadcast
};

bool is_public4(std::uint32_t address) {
    return std::none_of(kSpecial4.begin(), kSpecial4.end(), [address](const Network4& network) {
        return (address ^ network.base) >> (32 - network.bits) == 0;
    });
}

struct Network6 {
    std::array<std::uint8_t, 4> begin;
    int bits;  // at most 32
};

// IANA IPv6 Special-Purpose Address Registry, of what is within global unicast (2000::/3).
constexpr std::array kSpecial6{
    Network6{{0x20, 0x01, 0x00, 0x00}, 23},  // protocol assignments, Teredo among them
    Network6{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Network6{{0x3f, 0xff, 0x00, 0x00}, 20},  // documentation
};

std::uint32_t word(const ip::address_v6::bytes_type& bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
           std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

bool begins(const ip::address_v6::bytes_type& bytes, const Network6& network) {
    const std::uint32_t base = std::uint32_t{network.begin[0]} << 24 |
                               std::uint32_t{network.begin[1]} << 16 |
                               std::uint32_t{network.begin[2]} << 8 | network.begin[3];
    return (word(bytes, 0) ^ base) >> (32 - network.bits) == 0;
}

bool is_public6(const ip::address_v6& address) {
    constexpr std::array<std::uint8_t, 12> kNat64{0x00, 0x64, 0xff, 0x9b};
    constexpr std::uint32_t kSixToFour = 0x2002;
    const auto bytes = address.to_bytes();
    if (address.is_v4_mapped() || std::equal(kNat64.begin(), kNat64.end(), bytes.begin())) {
        return is_public4(word(bytes, 12));
    }
    if (word(bytes, 0) >> 16 == kSixToFour) return is_public4(word(bytes, 2));
    if (bytes[0] >> 5 != 1) return false;  // 2000::/3
    return std::none_of(kSpecial6.begin(), kSpecial6.end(),
                        [&](const Network6& network) { return begins(bytes, network); });
}

}  // namespace

bool is_public(const ip::address& address) {
    return address.is_v4() ? is_public4(address.to_v4().to_uint()) : is_public6(address.to_v6());
}

}  // namespace patchbay::http
