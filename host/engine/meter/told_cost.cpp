#include "engine/meter/told_cost.hpp"

#include "contract/json/member_walker.hpp"

namespace patchbay::meter {

std::optional<Atto> told_cost(std::string_view usage, std::string_view member) {
    const std::size_t dot = member.find('.');
    const std::string_view name = member.substr(0, dot);
    std::string_view value;
    MemberWalker walker(usage);
    for (JsonMember m; walker.next(m);) {
        if (m.name == name) value = m.value;
    }
    if (!walker.complete() || value.empty()) return std::nullopt;
    if (dot != member.npos) return told_cost(value, member.substr(dot + 1));
    // Also what is too little below zero to be seen.
    if (value.starts_with('-')) return std::nullopt;
    const auto told = read_decimal(value, kAttoPlaces);
    return told && *told <= kMostCost ? told : std::nullopt;
}

}  // namespace patchbay::meter
