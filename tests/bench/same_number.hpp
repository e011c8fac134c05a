// "Version 3" wherever an answer speaks of its version, and never another.
#pragma once

#include <charconv>
#include <string_view>

namespace patchbay::bench {

/// The number that follows every occurrence of a mark.
class SameNumber {
  public:
    /// False if another number was found than before, or a mark without one.
    bool look(std::string_view text, std::string_view mark) {
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string_view::npos;) {
            at += mark.size();
            long number = -1;
            const auto [end, error] =
                std::from_chars(text.data() + at, text.data() + text.size(), number);
            if (error != std::errc() || (value_ >= 0 && number != value_)) return false;
            value_ = number;
        }
        return true;
    }
    /// -1 = no mark was found yet.
    long value() const { return value_; }

  private:
    long value_ = -1;
};

}  // namespace patchbay::bench
