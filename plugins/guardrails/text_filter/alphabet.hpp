// Which bytes a match of a regular expression can hold: a bound that decides how much of a stream
// must be held back.
//
// Read off the text of the expression: literals, escapes and bracket expressions are collected
// wherever they stand; whatever could mean more than that (a dot, a negation, a named class) makes
// it every byte. Too many bytes are never wrong, only slower. Tested by alphabet_test.cpp.
#pragma once

#include <bitset>
#include <string_view>

namespace patchbay::text_filter {

using Alphabet = std::bitset<256>;

/// `regex` is a valid RE2 expression.
Alphabet alphabet_of(std::string_view regex);

}  // namespace patchbay::text_filter
