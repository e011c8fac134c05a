// One of those with the least value: what strategies do that look at every deployment.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>

#include <boost/container/small_vector.hpp>

#include "engine/router/choice.hpp"

namespace patchbay {

/// Values of up to 64 places, in the order of std::int32_t, so that a processor compares several at once.
using RowValues = std::array<std::int32_t, LaneRow::kMost>;

/// The order of counts and of floats >= 0, as a RowValues has it.
constexpr std::int32_t ordered(std::uint32_t value) {
    return std::bit_cast<std::int32_t>(value ^ 0x8000'0000U);
}
constexpr std::int32_t ordered(float value) {
    return std::bit_cast<std::int32_t>(value);
}

/// One of the usable places whose value is `most(the least of all)` or less, each as likely as another.
/// `fill(row, values)` tells the values of a row of lanes; each is asked for once. Up to 1,024 places
/// allocate nothing.
template <class Fill, class Most>
std::size_t near_least(const Choice& choice, Draw& draw, Fill fill, Most most) {
    constexpr std::size_t kRowsInPlace = 16;
    constexpr std::int32_t kWorst = std::numeric_limits<std::int32_t>::max();
    using boost::container::default_init;
    using boost::container::small_vector;
    const LaneSet& usable = choice.usable;
    small_vector<RowValues, kRowsInPlace> rows(usable.words(), default_init);
    small_vector<std::int32_t, kRowsInPlace> bests(usable.words(), kWorst);
    for (std::size_t w = 0; w < usable.words(); ++w) {
        if (usable.word(w) == 0) continue;
        RowValues& values = rows[w];
        fill(choice.group.row(w), values);
        for (std::uint64_t out = ~usable.word(w); out != 0; out &= out - 1) {
            values[static_cast<std::size_t>(std::countr_zero(out))] = kWorst;
        }
        std::int32_t best = kWorst;
        for (const std::int32_t value : values) best = std::min(best, value);
        bests[w] = best;
    }
    const std::int32_t best = *std::min_element(bests.begin(), bests.end());
    const auto any_of = [&](std::size_t count) {
        return count > 1 ? draw.below(static_cast<std::uint32_t>(count)) : 0;
    };
    // Then all that are usable have it; who is not does, too.
    if (best == kWorst) return usable.nth(any_of(usable.count()));
    const std::int32_t limit = most(best);
    small_vector<std::uint32_t, kRowsInPlace> counts(usable.words(), 0);
    std::size_t all = 0;
    for (std::size_t w = 0; w < usable.words(); ++w) {
        if (bests[w] > limit) continue;
        std::int32_t count = 0;
        for (const std::int32_t value : rows[w]) count += value <= limit ? 1 : 0;
        counts[w] = static_cast<std::uint32_t>(count);
        all += counts[w];
    }
    std::size_t left = any_of(all);
    std::size_t w = 0;
    for (; left >= counts[w]; ++w) left -= counts[w];
    for (std::size_t i = 0;; ++i) {
        if (rows[w][i] > limit) continue;
        if (left == 0) return w * LaneRow::kMost + i;
        --left;
    }
}

/// One of those with the least value.
template <class Fill>
std::size_t least(const Choice& choice, Draw& draw, Fill fill) {
    return near_least(choice, draw, fill, [](std::int32_t best) { return best; });
}

}  // namespace patchbay
