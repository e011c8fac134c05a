#include "engine/meter/dimensions.hpp"

namespace patchbay::meter {

namespace {

template <class Id, class Table>
std::optional<Id> find_in(const Table& table, std::string_view name) {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (table[i].name == name) return static_cast<Id>(i);
    }
    return std::nullopt;
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

}  // namespace patchbay::meter
