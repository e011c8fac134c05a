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

/// True if the bytes can stand in a section as they are: UTF-8 without control characters but line
/// feeds and tabs, and no line that would begin another section.
bool is_plain(std::string_view bytes);

/// The bytes in base64, in lines of 76 characters, without a newline at the end.
std::string base64_lines(std::string_view bytes);

/// For messages: as it is, or "base64 ..." if it cannot be read.
std::string shown(std::string_view bytes);

}  // namespace patchbay::transcript
