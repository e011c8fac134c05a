// The prices of one model at one time: for each dimension its rates by tier and by length of the
// prompt.
//
// Which rate a dimension has is decided in this order (docs/spend.md):
//
//   1. hours    while the card's off-peak hours last, the rates that it names for them;
//   2. tier     the one that served, else the standard rate;
//   3. length   of the rates of that tier the one with the greatest bound that the whole prompt
//               exceeds: for all of the call, not for what is above;
//   4. stand-in no rate at all: that of what the dimension stands in for.
//
// A tier often has a rate for text and none for reasoning or for cached text, though its discount is
// for all. Such rates are worked out when the card is made (`assumed`): the standard rate, times what
// the tier makes of the rate that it stands in for. A card without rates for batches has half of
// its standard rates for tokens there.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/meter/amount.hpp"
#include "engine/meter/dimensions.hpp"

namespace patchbay::meter {

/// The greatest rate, 1,000 $ a unit: beyond it sums would not fit. No price is near.
inline constexpr Atto kMostRate = Atto{1000} * kAttoPerNano * kDollar;

/// One rate of a card.
struct Rate {
    Dimension dimension;
    Tier tier = Tier::standard;
    std::uint32_t above = 0;  ///< holds where the prompt (of searches: the results) exceeds it
    Atto rate = 0;            ///< for DimensionRow::divisor units; 0 to kMostRate
    bool assumed = false;
    bool operator==(const Rate&) const = default;
};

/// Hours of the week, in UTC.
struct Hours {
    std::uint8_t weekdays = 0x7f;  ///< bit 0 = Monday, by the card's calendar
    std::uint16_t from = 0;        ///< minute of the day
    std::uint16_t to = 0;          ///< likewise; not after `from` = over midnight
    bool operator==(const Hours&) const = default;
};

/// What a card is made of, as it stands in the price table.
struct CardTerms {
    std::vector<Rate> rates;                             ///< none of them assumed; any order
    std::array<Ppm, kMultipliers.size()> multipliers{};  ///< 0 = the card has none
    std::vector<Hours> off_peak;
    std::int16_t calendar = 0;  ///< minutes by which the calendar of `weekdays` is ahead of UTC
    bool inclusive = false;     ///< a bound is exceeded when it is reached
    bool operator==(const CardTerms&) const = default;
};

/// Immutable; any thread.
class RateCard {
  public:
    /// `id` is what entries of the ledger name the card by.
    RateCard(CardTerms terms, std::uint64_t id);

    struct Found {
        Atto rate;
        std::uint32_t divisor;
        bool assumed;
    };
    /// `size` is the whole prompt in tokens; `off_peak` as off_peak_at() says.
    std::optional<Found> find(Dimension dimension, Tier tier, std::uint64_t size,
                              bool off_peak) const;
    /// The standard rate of exactly this dimension and bound; nullptr = it has none.
    const Rate* standard(Dimension dimension) const;

    /// Do the off-peak rates hold at this time (microseconds since 1970)?
    bool off_peak_at(std::int64_t unix_us) const;
    /// kWhole if the card has none.
    Ppm multiplier(Multiplier which) const {
        const Ppm ppm = terms_.multipliers[static_cast<std::size_t>(which)];
        return ppm == 0 ? kWhole : ppm;
    }
    std::uint64_t id() const { return id_; }
    const CardTerms& terms() const { return terms_; }

  private:
    const Rate* best(Dimension dimension, Tier tier, std::uint64_t size) const;
    void sort();
    void assume();

    CardTerms terms_;  ///< rates by dimension, tier, and falling bound; with those assumed
    std::array<std::uint16_t, kDimensions.size() + 1> first_{};  ///< of each dimension's rates
    std::uint64_t id_ = 0;
};

}  // namespace patchbay::meter
