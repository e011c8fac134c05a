// Writes a transcript's expectations from what the plugin did.
#pragma once

#include <string>

#include "player.hpp"

namespace patchbay::transcript {

/// The transcript `text` with expectations made from `run`, which is how a plugin played it, in
/// place of those that were there; everything else is kept as it is. Throws std::runtime_error if
/// the run cannot be a good example: a fault, an action that was refused, an answer nobody asked
/// for.
std::string with_expectations(const std::string& text, const Run& run);

}  // namespace patchbay::transcript
