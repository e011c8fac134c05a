// What an attempt costs: counts times rates, in integers.
//
//   rates -> multipliers -> discount = cost -> margin = charge
//
// The sum over all dimensions is exact, to 1e-18 of a dollar; it is rounded once, to a nano-dollar,
// half to even. The charge is rounded once more, the same way.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/meter/counts.hpp"
#include "engine/meter/rate_card.hpp"

namespace patchbay::meter {

/// What the operator adds to the provider's prices, and where a deployment stands.
struct Terms {
    Ppm discount = 0;              ///< cost_discount_config: of the cost, 0 to kWhole
    Ppm margin = 0;                ///< cost_margin_config: of the cost
    Amount margin_fixed = 0;       ///< likewise: for each charged attempt
    std::uint8_t multipliers = 0;  ///< bits: 1 << Multiplier; those that the deployment always has
    bool operator==(const Terms&) const = default;
};

/// What is known of one attempt besides its counts.
struct Circumstances {
    Tier tier = Tier::standard;    ///< that served
    std::uint64_t size = 0;        ///< the whole prompt in tokens, for bounds
    std::uint8_t multipliers = 0;  ///< bits: 1 << Multiplier; those of this attempt
    std::int64_t ended_us = 0;     ///< microseconds since 1970, for off-peak hours
};

/// A bill. All amounts are nano-dollars.
struct Cost {
    /// Something was used for which there is no rate: what has one is in the amounts.
    static constexpr std::uint8_t kUnpriced = 1;
    static constexpr std::uint8_t kAssumed = 2;  ///< some rate was worked out: RateCard
    /// Beyond kMost: such counts are no usage, and nothing is charged.
    static constexpr std::uint8_t kAbsurd = 4;

    std::array<Amount, kParts> parts{};  ///< by Part, before the discount; their sum is `original`
    Amount reasoning = 0;                ///< of the output: what reasoning makes of it
    Amount original = 0;                 ///< before the discount
    Amount cost = 0;                     ///< what the provider takes
    Amount charge = 0;                   ///< what the caller owes; LiteLLM's response_cost
    Amount margin_fixed = 0;             ///< of charge - cost
    std::uint8_t flags = 0;

    Amount discount() const { return original - cost; }
    Amount margin() const { return charge - cost; }
    Amount part(Part which) const { return parts[static_cast<std::size_t>(which)]; }
    Cost& operator+=(const Cost& other);
    bool operator==(const Cost&) const = default;
};

/// The greatest cost of an attempt, 100,000 $.
inline constexpr Atto kMostCost = Atto{100'000} * kAttoPerNano * kDollar;

/// Any counts. Allocates nothing. A bill of nothing has no margin.
Cost cost_of(const RateCard& card, std::span<const Count> counts, const Circumstances& how,
             const Terms& terms);

}  // namespace patchbay::meter
