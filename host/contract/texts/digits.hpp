// Decimal digits of counts, as heads and lines have them by the dozen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace patchbay {

/// The decimal digits of one number. std::to_chars of gcc 12 brings its table of 200 bytes to the
/// stack first, at each call.
class Digits {
  public:
    explicit Digits(std::uint64_t value) {
        for (; value >= 100; value /= 100) pair(value % 100);
        if (value >= 10) {
            pair(value);
        } else {
            text_[--begin_] = static_cast<char>('0' + value);
        }
    }

    /// Good as long as this object.
    std::string_view view() const { return {text_.data() + begin_, text_.size() - begin_}; }

  private:
    // "00" to "99".
    static constexpr auto kPairs = [] {
        std::array<char, 200> pairs{};
        for (std::size_t i = 0; i < 100; ++i) {
            pairs[2 * i] = static_cast<char>('0' + i / 10);
            pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
        }
        return pairs;
    }();

    void pair(std::uint64_t below_hundred) {
        begin_ -= 2;
        std::memcpy(text_.data() + begin_, kPairs.data() + 2 * below_hundred, 2);
    }

    std::array<char, 20> text_;  // not set before it is needed
    std::size_t begin_ = text_.size();
};

}  // namespace patchbay
