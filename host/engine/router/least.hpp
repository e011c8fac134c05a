// One of those with the least value: what strategies do that look at every deployment.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <numeric>

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

/// Values of the places of a set, and which of them are the least. Up to 1,024 places allocate nothing.
class PlaceValues {
  public:
    static constexpr std::int32_t kWorst = std::numeric_limits<std::int32_t>::max();

    /// `fill(row, values)` tells the values of a row of lanes.
    template <class Fill>
    PlaceValues(const GroupTables& group, const LaneSet& usable, Fill fill)
        : rows_(usable.words(), boost::container::default_init),
          bests_(usable.words(), kWorst),
          counts_(usable.words(), boost::container::default_init) {
        for (std::size_t w = 0; w < usable.words(); ++w) {
            if (usable.word(w) == 0) continue;
            fill(group.row(w), rows_[w]);
            keep(w, usable.word(w));
        }
    }

    std::int32_t best() const { return *std::min_element(bests_.begin(), bests_.end()); }
    /// How many have `limit` or less, and the k-th of them.
    std::size_t count(std::int32_t limit) {
        if (limit != counted_) {
            counted_ = limit;
            for (std::size_t w = 0; w < rows_.size(); ++w) count_row(w);
        }
        return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0});
    }
    std::size_t nth(std::size_t k, std::int32_t limit) const {
        std::size_t w = 0;
        for (; k >= counts_[w]; ++w) k -= counts_[w];
        for (std::size_t i = 0;; ++i) {
            if (rows_[w][i] > limit) continue;
            if (k == 0) return w * LaneRow::kMost + i;
            --k;
        }
    }

    std::int32_t of(std::size_t place) const {
        return rows_[place / LaneRow::kMost][place % LaneRow::kMost];
    }
    void set(std::size_t place, std::int32_t value) {
        rows_[place / LaneRow::kMost][place % LaneRow::kMost] = value;
        find_best(place / LaneRow::kMost);
        count_row(place / LaneRow::kMost);
    }
    /// Every place of `usable` gets `value(place, its value)`; the others are none of them any more.
    template <class Value>
    void tell(const LaneSet& usable, Value value) {
        for (std::size_t w = 0; w < rows_.size(); ++w) {
            if (bests_[w] == kWorst) continue;
            for (std::size_t i = 0; i < LaneRow::kMost; ++i) {
                if ((usable.word(w) >> i & 1) != 0) {
                    rows_[w][i] = value(w * LaneRow::kMost + i, rows_[w][i]);
                }
            }
            keep(w, usable.word(w));
            count_row(w);
        }
    }

  private:
    void count_row(std::size_t w) {
        const std::int32_t limit = counted_;
        std::int32_t count = 0;
        if (bests_[w] <= limit) {
            for (const std::int32_t value : rows_[w]) count += value <= limit ? 1 : 0;
        }
        counts_[w] = static_cast<std::uint32_t>(count);
    }
    void keep(std::size_t w, std::uint64_t usable) {
        for (std::uint64_t out = ~usable; out != 0; out &= out - 1) {
            rows_[w][static_cast<std::size_t>(std::countr_zero(out))] = kWorst;
        }
        find_best(w);
    }
    void find_best(std::size_t w) {
        std::int32_t best = kWorst;
        for (const std::int32_t value : rows_[w]) best = std::min(best, value);
        bests_[w] = best;
    }

    static constexpr std::size_t kRowsInPlace = 16;
    boost::container::small_vector<RowValues, kRowsInPlace> rows_;
    boost::container::small_vector<std::int32_t, kRowsInPlace> bests_;  ///< of the rows
    boost::container::small_vector<std::uint32_t, kRowsInPlace>
        counts_;                     ///< of those with `counted_`
    std::int32_t counted_ = kWorst;  ///< nothing yet; no limit is as much
};

/// One of the usable places whose value is `most(the least of all)` or less, each as likely as another.
/// `fill(row, values)` tells the values of a row of lanes, or less than they are: what `exact(place, value)` is is asked
/// of those that would be chosen, as whether they take calls; and of all of them after some that would not do.
template <class Fill, class Most, class Exact>
std::size_t near_least(const Choice& choice, Draw& draw, Fill fill, Most most, Exact exact) {
    constexpr std::int32_t kWorst = PlaceValues::kWorst;
    constexpr int kMostMisses = 64;
    PlaceValues values(choice.group, choice.usable, fill);
    const auto any_of = [&](std::size_t count) {
        return count > 1 ? draw.below(static_cast<std::uint32_t>(count)) : 0;
    };
    const auto told = [&](std::size_t place, std::int32_t value) {
        return choice.may_take(place) ? exact(place, value) : kWorst;
    };
    for (int misses = 0;; ++misses) {
        if (misses == kMostMisses) {
            choice.settle();
            values.tell(choice.usable, exact);
        }
        const std::int32_t best = values.best();
        // Then all that are usable have it; who is not does, too.
        if (best == kWorst) {
            choice.settle();
            return choice.usable.nth(any_of(choice.usable.count()));
        }
        const std::int32_t limit = most(best);
        if (limit > best) {
            // The others are measured by it, so it must be right.
            values.count(best);
            const std::size_t first = values.nth(0, best);
            const std::int32_t value = told(first, best);
            values.set(first, value);
            if (value > best) continue;
        }
        const std::size_t place = values.nth(any_of(values.count(limit)), limit);
        const std::int32_t value = told(place, values.of(place));
        if (value <= limit) return place;
        values.set(place, value);
    }
}

/// One of those with the least value.
template <class Fill>
std::size_t least(const Choice& choice, Draw& draw, Fill fill) {
    return near_least(
        choice, draw, fill, [](std::int32_t best) { return best; },
        [](std::size_t, std::int32_t value) { return value; });
}

}  // namespace patchbay
