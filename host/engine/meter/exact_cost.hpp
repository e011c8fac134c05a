// What units cost at a card's rates, before anything is rounded: for whoever asks for a price, where a
// bill (cost.hpp) is in nano-dollars.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/meter/cost.hpp"

namespace patchbay::meter {

/// By Part, in atto-dollars; without discounts and margins, which are the operator's. With Cost::kAbsurd
/// among the flags nothing is in the parts.
struct ExactCost {
    std::array<Atto, kParts> parts{};
    std::uint8_t flags = 0;  ///< as those of Cost
};

/// Any counts. Allocates nothing.
ExactCost exact_cost_of(const RateCard& card, std::span<const Count> counts,
                        const Circumstances& how);

}  // namespace patchbay::meter
