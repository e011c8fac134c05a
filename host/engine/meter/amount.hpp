// Money in integers: nothing that is paid ever goes through a floating-point number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::meter {

__extension__ typedef __int128 Int128;

/// Nano-dollars: 1e-9 of a dollar. What is posted, shown and summed.
using Amount = std::int64_t;
inline constexpr Amount kDollar = 1'000'000'000;
/// Atto-dollars: 1e-18 of a dollar. What rates are in, and sums before they are rounded.
using Atto = Int128;
inline constexpr int kAmountPlaces = 9;  ///< decimals of an Amount
inline constexpr int kAttoPlaces = 18;   ///< decimals of an Atto
inline constexpr std::int64_t kAttoPerNano = 1'000'000'000;

/// A share in millionths: 1,000,000 is the whole.
using Ppm = std::int64_t;
inline constexpr Ppm kWhole = 1'000'000;

/// n / d rounded to the nearest whole number, half to the even one: sums over millions of calls do
/// not drift. d > 0.
Int128 divided(Int128 n, Int128 d);

/// A decimal number as JSON writes it ("5.0000000000000004e-08", "3", "-0.5"), in units of
/// 10^-places, rounded half to even. nullopt if the text is no such number, or the result is beyond
/// 10^30. `rounded` is set if digits were lost; it may be null.
std::optional<Int128> read_decimal(std::string_view text, int places, bool* rounded = nullptr);

/// An integer in units of 10^-places as an exact decimal without needless zeros ("0.000036", "0",
/// "-12.5"). Allocates nothing.
class DecimalText {
  public:
    DecimalText(Int128 value, int places);
    std::string_view view() const { return {text_.data() + begin_, kSize - begin_}; }

  private:
    template <class Number>
    void write(Number value, int places);

    static constexpr std::size_t kSize = 64;
    std::array<char, kSize> text_;
    std::size_t begin_ = kSize;
};

/// An amount in dollars, for headers: "0.000141".
inline DecimalText dollars(Amount amount) {
    return {amount, kAmountPlaces};
}

/// The double that is nearest to an amount in dollars, for JSON that other programs read as such.
double as_double(Amount amount);

}  // namespace patchbay::meter
