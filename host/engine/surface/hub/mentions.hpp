// Whether a word is worth looking for in a tree.
#pragma once

#include <cstring>
#include <string_view>

namespace patchbay::surface {

/// Does the text hold the word? Of requests and chunks of any size: find() stops at every place of its first letter.
inline bool mentions(std::string_view text, std::string_view word) {
    return ::memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

}  // namespace patchbay::surface
