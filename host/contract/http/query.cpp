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

// The values of the parameters with this name, until `take` says that it has enough.
template <class Take>
void each_value(std::string_view query, std::string_view name, Take take) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (decoded(pair.substr(0, equals)) != name) continue;
        if (take(decoded(pair.substr(std::min(equals + 1, pair.size()))))) return;
    }
}

}  // namespace

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    std::optional<std::string> first;
    each_value(query, name, [&first](std::string value) {
        first = std::move(value);
        return true;
    });
    return first;
}

std::vector<std::string> query_values(std::string_view query, std::string_view name) {
    std::vector<std::string> all;
    each_value(query, name, [&all](std::string value) {
        all.push_back(std::move(value));
        return false;
    });
    return all;
}

}  // namespace patchbay::http
