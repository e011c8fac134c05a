#include "engine/meter/amount.hpp"

#include <charconv>
#include <cstring>
#include <limits>

namespace patchbay::meter {

namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr Int128 power_of_ten(int exponent) {
    Int128 value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

constexpr int kMostPlaces = 30;
constexpr Int128 kMost = power_of_ten(kMostPlaces);

// Digits of a number without its sign and point, and where the point stands behind them.
struct Digits {
    Int128 value = 0;
    int exponent = 0;   ///< value * 10^exponent
    bool lost = false;  ///< digits that did not fit stand behind
};

// One digit more: as many as 128 bits hold for sure, the rest is only noted.
void take(Digits& digits, char c, bool fraction) {
    if (digits.value >= kMost) {
        digits.lost = digits.lost || c != '0';
        if (!fraction) ++digits.exponent;
        return;
    }
    digits.value = digits.value * 10 + (c - '0');
    if (fraction) --digits.exponent;
}

std::optional<Digits> read_digits(std::string_view text) {
    Digits digits;
    std::size_t at = 0;
    bool any = false;
    for (; at < text.size() && is_digit(text[at]); ++at, any = true) {
        take(digits, text[at], false);
    }
    if (at < text.size() && text[at] == '.') {
        ++at;
        bool behind = false;
        for (; at < text.size() && is_digit(text[at]); ++at, behind = true) {
            take(digits, text[at], true);
        }
        any = any && behind;
    }
    if (!any) return std::nullopt;
    if (at == text.size()) return digits;
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + at, end, exponent);
    constexpr int kMostExponent = 400;
    if (error != std::errc() || stop != end) return std::nullopt;
    if (exponent > kMostExponent || exponent < -kMostExponent) return std::nullopt;
    digits.exponent += exponent;
    return digits;
}

}  // namespace

Int128 divided(Int128 n, Int128 d) {
    const bool negative = n < 0;
    const Int128 positive = negative ? -n : n;
    Int128 whole = positive / d;
    const Int128 rest = positive % d;
    const Int128 other = d - rest;
    if (rest > other || (rest == other && whole % 2 != 0)) ++whole;
    return negative ? -whole : whole;
}

std::optional<Int128> read_decimal(std::string_view text, int places, bool* rounded) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto digits = read_digits(text);
    if (!digits) return std::nullopt;
    const int shift = digits->exponent + places;
    Int128 value = digits->value;
    bool lost = digits->lost;
    if (shift > 0) {
        for (int i = 0; i < shift && value != 0; ++i) {
            if (value > kMost) return std::nullopt;
            value *= 10;
        }
    } else if (shift < 0) {
        // Beyond so many places nothing is left of a number of 128 bits.
        const Int128 divisor = shift < -37 ? 0 : power_of_ten(-shift);
        lost = lost || (divisor == 0 ? value != 0 : value % divisor != 0);
        value = divisor == 0 ? 0 : divided(value, divisor);
    }
    if (value > kMost) return std::nullopt;
    if (rounded) *rounded = lost;
    return negative ? -value : value;
}

// Divisions of 64 bits are several times as fast, and amounts are always so small.
// First all digits and the zeros before them, then the point among them: two digits at a time are half the divisions.
template <class Number>
void DecimalText::write(Number value, int places) {
    for (; value >= 10; value /= 100) {
        const auto two = static_cast<unsigned>(value % 100);
        text_[--begin_] = static_cast<char>('0' + two % 10);
        text_[--begin_] = static_cast<char>('0' + two / 10);
    }
    if (value != 0) text_[--begin_] = static_cast<char>('0' + static_cast<unsigned>(value));
    const std::size_t point = kSize - static_cast<std::size_t>(places);
    while (begin_ >= point) text_[--begin_] = '0';
    std::size_t end = kSize;
    while (end > point && text_[end - 1] == '0') --end;
    const std::size_t moved = kSize - end;
    if (end > point) {
        std::memmove(&text_[point + moved], &text_[point], end - point);
        std::memmove(&text_[begin_ + moved - 1], &text_[begin_], point - begin_);
        text_[point + moved - 1] = '.';
        begin_ += moved - 1;
    } else {
        std::memmove(&text_[begin_ + moved], &text_[begin_], point - begin_);
        begin_ += moved;
    }
}

DecimalText::DecimalText(Int128 value, int places) {
    if (value == 0) {  // discounts and margins of most calls
        text_[--begin_] = '0';
        return;
    }
    const bool negative = value < 0;
    if (negative) value = -value;
    if (value <= std::numeric_limits<std::uint64_t>::max()) {
        write(static_cast<std::uint64_t>(value), places);
    } else {
        write(value, places);
    }
    if (negative) text_[--begin_] = '-';
}

double as_double(Amount amount) {
    const DecimalText text = dollars(amount);
    double value = 0;
    std::from_chars(text.view().data(), text.view().data() + text.view().size(), value);
    return value;
}

}  // namespace patchbay::meter
