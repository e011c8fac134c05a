// Header lines as they stand in sections.
#pragma once

#include <cstddef>
#include <string_view>

#include "section.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// Reads lines "name: value" up to a blank line or the end of `text`, which begins in line `line`,
/// and adds them to `headers`, names in lower case. Gives the bytes that were read, with the blank
/// line. Throws FileError.
std::size_t read_headers(const SectionReader& reader, std::size_t line, std::string_view text,
                         Headers& headers);

}  // namespace patchbay::transcript
