// Our bills beside LiteLLM's: 2,000 usages that scripts/record_costs gave to its own calculator. Equal to
// a nano-dollar (LiteLLM sums in doubles), or different for a reason that is written down here.
#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "engine/meter/cost.hpp"
#include "engine/meter/price_book.hpp"
#include "engine/meter/price_row.hpp"

namespace patchbay::meter {
namespace {

constexpr std::int64_t kRecordedAt = 1'795'780'800'000'000;

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::size_t at = 0;
    while (true) {
        const std::size_t tab = line.find('\t', at);
        cells.push_back(line.substr(at, tab - at));
        if (tab == std::string::npos) return cells;
        at = tab + 1;
    }
}

Usage usage_of(const std::vector<std::string>& cells) {
    const auto count = [&](std::size_t i) { return std::stoull(cells[i]); };
    return {.prompt = count(2),
            .completion = count(8),
            .cached = count(3),
            .cache_creation = count(4),
            .reasoning = count(9),
            .audio_prompt = count(6),
            .audio_completion = count(10),
            .cache_creation_1h = count(5),
            .image_prompt = count(7),
            .image_completion = count(11)};
}

// Why LiteLLM's figure is another one; empty = for no reason that is known.
std::string_view reason(const Cost& ours) {
    const bool assumed = (ours.flags & Cost::kAssumed) != 0;
    return assumed ? "a tier's discount reaches what has no rate of its own in it" : "";
}

TEST(Cost, is_that_of_litellms_own_calculator) {
    std::ifstream file(PATCHBAY_LITELLM_COSTS);
    ASSERT_TRUE(file);
    std::string line;
    std::getline(file, line);
    std::getline(file, line);
    std::map<std::string_view, int> differences;
    int equal = 0;
    while (std::getline(file, line)) {
        const auto cells = cells_of(line);
        ASSERT_EQ(cells.size(), 13u) << line;
        std::string what;
        auto row = read_row(find_price(embedded_prices(), cells[0], "2026-11-27"), what);
        ASSERT_TRUE(row) << cells[0];
        const auto card = make_card(std::move(row->terms));
        const Usage usage = usage_of(cells);
        const Tier tier = tier_of(service_tier(cells[1]));
        const Circumstances how{tier, usage.prompt, 0, kRecordedAt};
        const Cost ours = cost_of(*card, counts_of(usage, false).list(), how, {});
        const double theirs = std::stod(cells[12]) * kDollar;
        if (std::abs(static_cast<double>(ours.cost) - theirs) <= 1 + theirs * 1e-12) {
            ++equal;
            continue;
        }
        const std::string_view why = reason(ours);
        EXPECT_FALSE(why.empty()) << line << "\nours: " << dollars(ours.cost).view();
        ++differences[why];
    }
    for (const auto& [why, count] : differences) {
        std::cout << count << " differ: " << why << '\n';
    }
    std::cout << equal << " are equal\n";
    EXPECT_GE(equal, 1990);
}

}  // namespace
}  // namespace patchbay::meter
