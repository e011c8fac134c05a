#include "store/address.hpp"

#include <algorithm>
#include <array>

namespace patchbay::store {

namespace {

constexpr std::string_view kSchema = "patchbay";

// Parameters of Prisma's URLs (its documentation, "Connection URLs: PostgreSQL") that libpq does not know. A pool is
// not needed: each thread that asks the store has one connection.
constexpr auto kOnlyPrisma = std::to_array<std::string_view>({
    "connection_limit",
    "pool_timeout",
    "socket_timeout",
    "pgbouncer",
    "statement_cache_size",
    "sslaccept",
});

bool only_prisma(std::string_view name) {
    for (const std::string_view known : kOnlyPrisma) {
        if (name == known) return true;
    }
    return false;
}

bool is_url(std::string_view text) {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

}  // namespace

Address Address::read(std::string_view text) {
    constexpr std::string_view kFile = "sqlite://";
    if (text.starts_with(kFile)) return {std::filesystem::path(text.substr(kFile.size()))};
    if (!is_url(text)) return {std::filesystem::path(text)};
    Address address;
    address.schema_ = kSchema;
    const std::size_t mark = text.find('?');
    address.server_ = text.substr(0, mark);
    std::string_view rest = mark == text.npos ? "" : text.substr(mark + 1);
    char separator = '?';
    while (!rest.empty()) {
        const std::string_view parameter = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), parameter.size() + 1));
        const std::size_t equals = parameter.find('=');
        const std::string_view name = parameter.substr(0, equals);
        if (name == "schema" && equals != parameter.npos) {
            address.schema_ = parameter.substr(equals + 1);
        } else if (!parameter.empty() && !only_prisma(name)) {
            address.server_ += separator;
            address.server_ += parameter;
            separator = '&';
        }
    }
    return address;
}

std::string Address::shown() const {
    if (!is_server()) return file_.string();
    // A password that is not encoded may hold anything, a host no '@'.
    const std::size_t at = server_.rfind('@');
    const std::size_t begin = at == server_.npos ? server_.find("//") + 2 : at + 1;
    const std::string_view place = std::string_view(server_).substr(begin);
    return "postgresql://" + std::string(place.substr(0, place.find('?')));
}

}  // namespace patchbay::store
