#include "config/address_list.hpp"

#include <algorithm>

namespace patchbay {

bool AddressList::add(std::string_view text) {
    const auto network = read_network(text);
    if (network) networks_.push_back(*network);
    return network.has_value();
}

bool AddressList::holds(std::string_view text) const {
    const auto address = read_address(text);
    return address && holds(*address);
}

bool AddressList::holds(const boost::asio::ip::address_v6& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const auto& network) { return is_within(address, network); });
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
