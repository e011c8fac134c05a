#include "config/network.hpp"

#include <charconv>

namespace patchbay {

namespace ip = boost::asio::ip;

ip::address_v6 in_version_6(const ip::address& address) {
    if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4());
    return ip::address_v6(address.to_v6().to_bytes());
}

std::optional<ip::address_v6> read_address(std::string_view text) {
    text = text.substr(0, text.find('%'));
    if (text.find('\0') != text.npos) return std::nullopt;  // the text would end there
    boost::system::error_code ec;
    const auto address = ip::make_address(text, ec);
    if (ec) return std::nullopt;
    return in_version_6(address);
}

// Asio's own reader takes 4294967304 bits for 8.
std::optional<ip::network_v6> read_network(std::string_view text) {
    constexpr unsigned kAll = 128, kOfFour = 32;
    const std::size_t slash = text.find('/');
    const auto address = read_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == text.npos) return ip::network_v6(*address, kAll);
    const bool four = text.find(':') == text.npos;
    const std::string_view length = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, ec] = std::from_chars(length.data(), length.data() + length.size(), bits);
    const bool whole = ec == std::errc() && end == length.data() + length.size();
    if (!whole || bits > (four ? kOfFour : kAll)) return std::nullopt;
    return ip::network_v6(*address,
                          static_cast<unsigned short>(four ? kAll - kOfFour + bits : bits));
}

bool is_within(const ip::address_v6& address, const ip::network_v6& network) {
    return ip::network_v6(address, network.prefix_length()).canonical() == network.canonical();
}

}  // namespace patchbay
