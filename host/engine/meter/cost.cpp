#include "engine/meter/cost.hpp"

#include <algorithm>
#include <numeric>

#include "engine/meter/exact_cost.hpp"
#include "engine/meter/told_cost.hpp"

namespace patchbay::meter {

namespace {

using Attos = std::array<Atto, kParts>;

// Beyond it a product of units and rate might not fit.
constexpr std::uint64_t kMostUnits = 1'000'000'000'000'000;

// Which tokens have been charged, for dimensions that measure the same thing (Unless).
struct Charged {
    bool input = false, output = false, image = false;

    void note(Dimension dimension) {
        if (!is_token(dimension)) return;
        (row(dimension).part == Part::output ? output : input) = true;
        image = image || dimension == Dimension::image_in;
    }
    bool rules_out(Unless unless) const {
        switch (unless) {
            case Unless::never:
                return false;
            case Unless::image_tokens:
                return image;
            case Unless::input_tokens:
                return input;
            case Unless::output_tokens:
                return output;
            case Unless::tokens:
                return input || output;
        }
        return false;
    }
};

struct Sum {
    Attos parts{};
    Atto reasoning = 0;
    std::uint8_t flags = 0;

    Atto whole() const { return std::accumulate(parts.begin(), parts.end(), Atto{0}); }
};

Sum sum_of(const RateCard& card, std::span<const Count> counts, const Circumstances& how) {
    Sum sum;
    Charged charged;
    const bool off_peak = card.off_peak_at(how.ended_us);
    bool missed_alone = false;
    bool any = false;
    const auto charge = [&](const Count& count) {
        const DimensionRow& known = row(count.dimension);
        if (charged.rules_out(known.unless)) return;
        const auto found = card.find(count.dimension, how.tier, how.size, off_peak);
        if (!found) {
            if (known.missed == Missed::always) sum.flags |= Cost::kUnpriced;
            missed_alone = missed_alone || known.missed == Missed::alone;
            return;
        }
        if (count.units > kMostUnits) {
            sum.flags |= Cost::kAbsurd;
            return;
        }
        const Atto product = static_cast<Atto>(count.units) * found->rate;
        const Atto amount = found->divisor == 1 ? product : divided(product, found->divisor);
        sum.parts[static_cast<std::size_t>(known.part)] += amount;
        if (count.dimension == Dimension::reasoning_out) sum.reasoning += amount;
        if (found->assumed) sum.flags |= Cost::kAssumed;
        // A token that costs nothing leaves the price to the other measure.
        if (found->rate > 0) charged.note(count.dimension);
        any = true;
    };
    // Tokens go first: other measures of the same thing ask for them.
    for (const Count& count : counts) {
        if (is_token(count.dimension)) charge(count);
    }
    for (const Count& count : counts) {
        if (!is_token(count.dimension)) charge(count);
    }
    if (missed_alone && !any) sum.flags |= Cost::kUnpriced;
    return sum;
}

void multiply(Sum& sum, const RateCard& card, std::uint8_t multipliers) {
    for (std::size_t i = 0; i < kMultipliers.size(); ++i) {
        if ((multipliers >> i & 1) == 0) continue;
        const Ppm ppm = card.multiplier(static_cast<Multiplier>(i));
        if (ppm == kWhole) continue;
        for (Atto& part : sum.parts) part = divided(part * ppm, kWhole);
        sum.reasoning = divided(sum.reasoning * ppm, kWhole);
    }
}

// With all multipliers, those of the attempt and `more`. Nothing is in the parts of an absurd one.
Sum charged_sum(const RateCard& card, std::span<const Count> counts, const Circumstances& how,
                std::uint8_t more) {
    Sum sum = sum_of(card, counts, how);
    if (sum.whole() > kMostCost) sum.flags |= Cost::kAbsurd;
    if ((sum.flags & Cost::kAbsurd) == 0) multiply(sum, card, how.multipliers | more);
    if (sum.whole() > kMostCost) sum.flags |= Cost::kAbsurd;
    if ((sum.flags & Cost::kAbsurd) != 0) sum = {.flags = sum.flags};
    return sum;
}

// The parts in whole nano-dollars: each rounded down, and what is left over to the largest rests.
std::array<Amount, kParts> shared_out(const Attos& parts, Amount whole) {
    std::array<Amount, kParts> amounts{};
    std::array<std::int64_t, kParts> rests{};
    for (std::size_t i = 0; i < kParts; ++i) {
        amounts[i] = static_cast<Amount>(parts[i] / kAttoPerNano);
        rests[i] = static_cast<std::int64_t>(parts[i] % kAttoPerNano);
        whole -= amounts[i];
    }
    for (; whole > 0; --whole) {
        const auto largest = std::max_element(rests.begin(), rests.end());
        ++amounts[static_cast<std::size_t>(largest - rests.begin())];
        *largest = -1;
    }
    return amounts;
}

// Discount and margin, of what it costs before them.
void put_terms(Cost& cost, Atto whole, const Terms& terms) {
    const Atto discounted = whole * (kWhole - terms.discount);
    cost.cost = static_cast<Amount>(divided(discounted, Atto{kWhole} * kAttoPerNano));
    cost.charge = cost.cost;
    if (cost.cost > 0) {
        const Atto with_margin = Atto{cost.cost} * (kWhole + terms.margin);
        cost.charge = static_cast<Amount>(divided(with_margin, kWhole)) + terms.margin_fixed;
        cost.margin_fixed = terms.margin_fixed;
    }
}

}  // namespace

Cost& Cost::operator+=(const Cost& other) {
    for (std::size_t i = 0; i < kParts; ++i) parts[i] += other.parts[i];
    reasoning += other.reasoning;
    original += other.original;
    cost += other.cost;
    charge += other.charge;
    margin_fixed += other.margin_fixed;
    flags |= other.flags;
    return *this;
}

Cost cost_of(const RateCard& card, std::span<const Count> counts, const Circumstances& how,
             const Terms& terms) {
    const Sum sum = charged_sum(card, counts, how, terms.multipliers);
    Cost cost;
    cost.flags = sum.flags;
    if ((cost.flags & Cost::kAbsurd) != 0) return cost;
    const Atto whole = sum.whole();
    cost.original = static_cast<Amount>(divided(whole, kAttoPerNano));
    cost.parts = shared_out(sum.parts, cost.original);
    cost.reasoning = static_cast<Amount>(divided(sum.reasoning, kAttoPerNano));
    put_terms(cost, whole, terms);
    return cost;
}

Cost cost_as_told(Atto told, const Terms& terms) {
    Cost cost;
    cost.original = static_cast<Amount>(divided(told, kAttoPerNano));
    cost.parts[static_cast<std::size_t>(Part::output)] = cost.original;
    put_terms(cost, told, terms);
    return cost;
}

ExactCost exact_cost_of(const RateCard& card, std::span<const Count> counts,
                        const Circumstances& how) {
    const Sum sum = charged_sum(card, counts, how, 0);
    return {sum.parts, sum.flags};
}

}  // namespace patchbay::meter
