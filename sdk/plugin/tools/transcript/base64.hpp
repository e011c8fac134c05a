// Bytes that are no text, as a transcript holds them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "section.hpp"

namespace patchbay::transcript {

/// The bytes of a text in base64 (RFC 4648, section 4, padded), with white space anywhere. The text
/// begins in line `line`. Throws FileError with the line of what is wrong.
std::string read_base64(const SectionReader& reader, std::size_t line, std::string_view text);

}  // namespace patchbay::transcript
