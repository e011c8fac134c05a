// Where log lines go: one asynchronous, bounded logger on standard error.
#pragma once

#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace patchbay::app {

/// Level 0 = info (or LITELLM_LOG), 1 = debug, 2 = trace. A full queue drops its oldest lines
/// rather than hold up an event loop. What a message quotes cannot end its line or steer a
/// terminal.
void start_logging(int level);

/// What the configuration says of the log: `set_verbose` logs more, unless a flag or LITELLM_LOG
/// says how much; `json_logs` writes each line as a JSON object.
void log_as_configured(const Config& config);

/// LiteLLM's variable JSON_LOGS, which stands for `json_logs`.
bool json_logs_in_environment();

/// Writes whole lines between those of all others. May block.
void write_log_lines(std::string_view lines);

/// One line per problem, at its severity.
void log_problems(const std::vector<Problem>& problems);

}  // namespace patchbay::app
