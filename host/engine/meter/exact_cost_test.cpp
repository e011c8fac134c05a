#include "engine/meter/exact_cost.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "engine/meter/price_book.hpp"
#include "engine/meter/shown_prices.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::meter {
namespace {

constexpr Atto kHalfNano = kAttoPerNano / 2;

std::shared_ptr<const RateCard> card_of(std::vector<Rate> rates) {
    CardTerms terms;
    terms.rates = std::move(rates);
    return make_card(std::move(terms));
}

Atto part(const ExactCost& cost, Part which) {
    return cost.parts[static_cast<std::size_t>(which)];
}

TEST(ExactCost, ATokenThatCostsHalfANanoDollarIsNotRounded) {
    const auto card = card_of({{.dimension = Dimension::text_in, .rate = kHalfNano},
                               {.dimension = Dimension::text_out, .rate = 3 * kHalfNano}});
    const Count counts[] = {{Dimension::text_in, 1}, {Dimension::text_out, 1}};
    const ExactCost cost = exact_cost_of(*card, counts, {});
    EXPECT_EQ(part(cost, Part::input), kHalfNano);
    EXPECT_EQ(part(cost, Part::output), 3 * kHalfNano);
    EXPECT_EQ(cost.flags, 0);
    // A bill of the same rounds: 0.5 + 1.5 nano-dollars are 2, one alone is none.
    EXPECT_EQ(cost_of(*card, std::span(counts, 1), {}, {}).cost, 0);
    EXPECT_EQ(cost_of(*card, counts, {}, {}).cost, 2);
}

TEST(ExactCost, WhatIsBeyondAnyUsageCostsNothing) {
    const auto card = card_of({{.dimension = Dimension::text_in, .rate = kMostRate}});
    const Count counts[] = {{Dimension::text_in, 1'000'000}};
    const ExactCost cost = exact_cost_of(*card, counts, {});
    EXPECT_EQ(cost.flags, Cost::kAbsurd);
    EXPECT_EQ(part(cost, Part::input), 0);
}

TEST(ShownPrices, HaveLiteLLMsNamesAndAllTheirDigits) {
    const auto card =
        card_of({{.dimension = Dimension::text_in, .rate = kHalfNano},
                 {.dimension = Dimension::text_in, .above = 200'000, .rate = kAttoPerNano}});
    boost::json::object info;
    show_prices(*card, info);
    ASSERT_EQ(info.size(), 2u);
    EXPECT_EQ(json_tree::number(info.at("input_cost_per_token")), 5e-10);
    EXPECT_EQ(json_tree::number(info.at("input_cost_per_token_above_200k_tokens")), 1e-9);
}

}  // namespace
}  // namespace patchbay::meter
