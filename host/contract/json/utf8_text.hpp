// Foreign text made fit to be quoted.
#pragma once

#include <string>
#include <string_view>

namespace patchbay {

/// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD, cut at `limit` bytes:
/// what a foreign text needs to be quoted in JSON.
std::string as_utf8(std::string_view text, std::size_t limit);

/// Length of the well-formed UTF-8 sequence at the start of `text`, which is not empty (Unicode 15,
/// table 3-7); 0 if there is none.
std::size_t utf8_sequence_length(std::string_view text);

}  // namespace patchbay
