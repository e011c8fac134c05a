// Places in a text as services name them: in characters, from here to there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::service {

/// Something found; begin and end in bytes of UTF-8.
struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string kind;
    double score = 1;
};

/// Byte offset of the character with this number; the text's size if there are fewer.
std::size_t byte_offset(std::string_view text, std::size_t character);

/// Sorted, and none overlaps another: of those that do, the one with the higher score stays, then
/// the longer, then the earlier. Empty ones and those beyond `size` are dropped.
std::vector<Span> without_overlaps(std::vector<Span> spans, std::size_t size);

}  // namespace patchbay::service
