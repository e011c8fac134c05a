#include "gateway/subprotocols.hpp"

#include <algorithm>

namespace patchbay::gateway {

OfferedProtocols offered_protocols(const Request& request) {
    constexpr std::string_view kKey = "openai-insecure-api-key.";
    constexpr std::string_view kSpace = " \t";
    OfferedProtocols offered;
    const auto [begin, end] =
        request.head.equal_range(boost::beast::http::field::sec_websocket_protocol);
    for (auto header = begin; header != end; ++header) {
        std::string_view rest(header->value().data(), header->value().size());
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            std::string_view name = rest.substr(0, comma);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            name.remove_prefix(std::min(name.find_first_not_of(kSpace), name.size()));
            name = name.substr(0, name.find_last_not_of(kSpace) + 1);
            if (name.starts_with(kKey)) {
                offered.key = name.substr(kKey.size());
            } else if (!name.empty()) {
                offered.names.push_back(name);
            }
        }
    }
    return offered;
}

std::string_view OfferedProtocols::chosen() const {
    constexpr std::string_view kRealtime = "realtime";
    if (std::find(names.begin(), names.end(), kRealtime) != names.end()) return kRealtime;
    return names.empty() ? std::string_view() : names.front();
}

std::string_view OfferedProtocols::beta() const {
    constexpr std::string_view kBeta = "openai-beta.realtime-v1";
    const bool offered = std::find(names.begin(), names.end(), kBeta) != names.end();
    return offered ? std::string_view("realtime=v1") : std::string_view();
}

}  // namespace patchbay::gateway
