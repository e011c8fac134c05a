#include "config/address_list.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace patchbay {

std::optional<AddressList::Bytes> AddressList::read(std::string_view text) {
    const std::string plain(text.substr(0, text.find('%')));
    Bytes bytes{};
    if (inet_pton(AF_INET6, plain.c_str(), bytes.data()) == 1) return bytes;
    constexpr std::size_t kOfFour = 12;
    bytes = {};
    bytes[kOfFour - 2] = bytes[kOfFour - 1] = 0xff;
    if (inet_pton(AF_INET, plain.c_str(), bytes.data() + kOfFour) == 1) return bytes;
    return std::nullopt;
}

bool AddressList::add(std::string_view text) {
    constexpr unsigned kAll = 128, kOfFour = 32;
    const std::size_t slash = text.find('/');
    const std::string_view address = text.substr(0, slash);
    if (address.find('\0') != address.npos) return false;
    const auto bytes = read(address);
    if (!bytes) return false;
    Network network{*bytes, kAll};
    if (slash != text.npos) {
        const std::string_view length = text.substr(slash + 1);
        const bool four = address.find(':') == address.npos;
        unsigned bits = 0;
        const auto [end, ec] = std::from_chars(length.data(), length.data() + length.size(), bits);
        const bool whole = ec == std::errc() && end == length.data() + length.size();
        if (!whole || bits > (four ? kOfFour : kAll)) return false;
        network.bits = four ? kAll - kOfFour + bits : bits;
    }
    networks_.push_back(network);
    return true;
}

bool AddressList::holds(std::string_view address) const {
    const auto bytes = read(address);
    if (!bytes) return false;
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        constexpr unsigned kByte = 8;
        const unsigned whole = network.bits / kByte, rest = network.bits % kByte;
        if (!std::equal(bytes->begin(), bytes->begin() + whole, network.address.begin())) {
            return false;
        }
        if (rest == 0) return true;
        const auto cut = [&](const Bytes& of) { return of.at(whole) >> (kByte - rest); };
        return cut(*bytes) == cut(network.address);
    });
}

std::string_view forwarded_address(std::string_view item) {
    constexpr std::string_view kBlank = " \t";
    item.remove_prefix(std::min(item.find_first_not_of(kBlank), item.size()));
    item = item.substr(0, item.find_last_not_of(kBlank) + 1);
    if (item.starts_with('[')) return item.substr(1, item.find(']') - 1);
    const std::size_t colon = item.find(':');
    const bool port = colon != item.npos && item.find(':', colon + 1) == item.npos;
    return port ? item.substr(0, colon) : item;
}

}  // namespace patchbay
