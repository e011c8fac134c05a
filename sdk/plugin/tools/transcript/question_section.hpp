// The sections that make up a question to a guardrail or a batch for a logger.
#pragma once

#include <vector>

#include "section.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// "== inspect STAGE words...". `params` and `metadata` are for the caller to fill in. Throws
/// FileError.
Inspect read_inspect(const SectionReader& reader, const Section& section);

/// "== stream-text [PATH]": one channel. Throws FileError.
StreamText::Channel read_channel(const SectionReader& reader, const Section& section);

/// "== batch": a record a line. Throws FileError.
std::vector<BatchRecord> read_records(const SectionReader& reader, const Section& section);

/// "== cancel REASON". Throws FileError.
Cancel read_cancel(const SectionReader& reader, const Section& section);

}  // namespace patchbay::transcript
