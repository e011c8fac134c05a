// The sections "== upstream" and "== upstream-end".
#pragma once

#include <cstdint>
#include <string>

#include "section.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// An answer with its headers and body. `in_stream`: the word for=TEXT is allowed. Throws
/// FileError.
Upstream read_upstream(const SectionReader& reader, const Section& section, bool in_stream);

/// The BAY_FAIL_* that a word names: "reset". Throws FileError.
std::uint32_t read_failure(const SectionReader& reader, const Section& section,
                           const std::string& word);

/// The BAY_FAIL_* of an end. Throws FileError.
std::uint32_t read_upstream_end(const SectionReader& reader, const Section& section);

}  // namespace patchbay::transcript
