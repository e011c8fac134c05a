// Replaces what a service found in a text, whole or in windows of a stream.
//
// A name or an address at the end of a window may go on in the next one. So the last words of a
// window are held and come again; what is before them is decided. What went out before is shown to
// the service again, for context, and stays as it is.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "spans.hpp"

namespace patchbay::service {

/// At least so many bytes are held, from the beginning of a word. In a text without blanks a
/// "word" is at most kLongest bytes long.
constexpr std::size_t kTail = 64;
constexpr std::size_t kLongest = 1024;

/// Where what is decided ends: some words from the end, at the beginning of a character, and never
/// inside a span or at its end.
std::size_t decided_up_to(std::string_view text, const std::vector<Span>& spans);

/// What is released of a text.
struct Masked {
    std::string text;      ///< what is decided, from `fixed` on
    std::size_t held = 0;  ///< bytes at the end that are not
    bool changed = false;
};

/// What stands in for a span, given the bytes that are replaced.
using Replacement = std::function<std::string(const Span& span, std::string_view original)>;

/// `shown` but for its first `fixed` bytes, with `spans` replaced; overlaps are sorted out. With
/// `more`, text may follow.
Masked mask(std::string_view shown, std::size_t fixed, bool more, std::vector<Span> spans,
            const Replacement& replacement);

}  // namespace patchbay::service
