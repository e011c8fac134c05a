#include "engine/meter/dimensions.hpp"

#include "contract/http/header.hpp"

namespace patchbay::meter {

namespace {

template <class Id, class Table>
std::optional<Id> find_in(const Table& table, std::string_view name) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].name == name) return static_cast<Id>(i);
    }
    return std::nullopt;
}

bool lists(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        const std::size_t comma = names.find(',');
        if (http::iequals(names.substr(0, comma), name)) return true;
        names.remove_prefix(comma == std::string_view::npos ? names.size() : comma + 1);
    }
    return false;
}

}  // namespace

std::optional<Dimension> find_dimension(std::string_view name) {
    return find_in<Dimension>(kDimensions, name);
}

std::optional<Tier> find_tier(std::string_view name) {
    return find_in<Tier>(kTiers, name);
}

std::optional<Multiplier> find_multiplier(std::string_view name) {
    return find_in<Multiplier>(kMultipliers, name);
}

std::optional<Tier> tier_called(std::string_view name) {
    for (std::size_t i = 0; i < kTiers.size(); ++i) {
        if (lists(kTiers[i].told, name)) return static_cast<Tier>(i);
    }
    return std::nullopt;
}

}  // namespace patchbay::meter
