// Where log lines go: one asynchronous, bounded logger on standard error.
#pragma once

#include <vector>

#include "config/config.hpp"

namespace patchbay::app {

/// Level 0 = info (or LITELLM_LOG), 1 = debug, 2 = trace. A full queue drops its oldest lines
/// rather than hold up an event loop.
void start_logging(int level);

/// One line per problem, at its severity.
void log_problems(const std::vector<Problem>& problems);

}  // namespace patchbay::app
