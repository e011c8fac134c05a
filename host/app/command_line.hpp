// What stands on the command line. Slips are found here, before Poco reads the flags, so that every
// one of them gets a guess and the same exit status.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/flags.hpp"

namespace patchbay::app {

/// What stands on the command line, once it is known to be well formed.
struct CommandLine {
    std::vector<std::string> arguments;  ///< for Poco: without the flags that are not done
    std::vector<std::string> warnings;   ///< a line for each flag that is ignored
    bool serves = false;                 ///< there is no command: the gateway is to start
    bool names_source = false;           ///< --config or --model says what is served
};

/// Sorts `arguments` (without the program's name). Returns the error for the user, with a guess at
/// what was meant, or nothing and fills `sorted`. A flag that stands twice has its last value, as in
/// LiteLLM; one that belongs to another command is an error: who says --dry-run to a command that
/// knows none would lose what it was to keep.
std::optional<std::string> read_command_line(std::span<const std::string> arguments,
                                             CommandLine& sorted);

/// What --help prints: commands, examples, flags with their variables; Poco's own flags last.
std::string help_text();

}  // namespace patchbay::app
