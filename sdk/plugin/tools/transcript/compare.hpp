// The expectations of a transcript against what was done, and one run against another.
#pragma once

#include <string>
#include <vector>

#include "player.hpp"

namespace patchbay::transcript {

/// Differences as lines "FILE:LINE: text", each followed by indented details; empty if all is as
/// expected.
std::vector<std::string> compare(const Transcript& transcript, const Run& run);

/// "action 3: expected ..., got ...": the first action in which two runs of one transcript differ;
/// empty if the runs did the same. `other_cuts`: they were cut at different places.
std::string difference(const Run& expected, const Run& got, bool other_cuts = false);

}  // namespace patchbay::transcript
