// Runs a test in a process of its own, so that a crash or a hang is a finding.
#pragma once

#include <chrono>
#include <functional>

#include "test.hpp"

namespace patchbay::check {

/// Forks, runs `body` there and brings back what it found. A crash, an exit, an exception that is
/// not caught and the end of `limit` are problems of severity `severity`, which name what was going
/// on. The child's standard output goes to standard error. Not for a process with threads.
Outcome run_in_child(const std::function<void(Findings&)>& body, Severity severity,
                     std::chrono::seconds limit);

/// In such a child: where it says what it found.
int result_descriptor();

}  // namespace patchbay::check
