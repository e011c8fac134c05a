// How "== expect" is read.
#pragma once

#include "section.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// One "== expect KIND". Throws FileError.
Expectation read_expectation(const SectionReader& reader, const Section& section);

}  // namespace patchbay::transcript
