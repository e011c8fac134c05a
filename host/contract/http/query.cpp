#include "contract/http/query.hpp"

#include <algorithm>

#include "contract/http/percent.hpp"

namespace patchbay::http {

namespace {

std::string decoded(std::string_view text) {
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return percent_decoded(plain);
}

}  // namespace

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (decoded(pair.substr(0, equals)) != name) continue;
        return decoded(pair.substr(std::min(equals + 1, pair.size())));
    }
    return std::nullopt;
}

}  // namespace patchbay::http
