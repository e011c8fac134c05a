// Plays exchanges changed at random, each named by a seed.
#pragma once

#include <chrono>
#include <cstdint>

#include "test.hpp"

namespace patchbay::check {

/// Plays cases from seed subject.seed on until the time is up, in child processes, and tells what
/// ended in a crash, a hang or a fault, with the seed of each. `severity` is error.
Outcome fuzz(const Subject& subject, std::chrono::seconds time);

/// Plays one case again. What it changed is in the notes.
Outcome reproduce(const Subject& subject, std::uint64_t seed);

}  // namespace patchbay::check
