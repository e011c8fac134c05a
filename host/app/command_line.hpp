// What may stand on the command line, as one table: the flags that Patchbay has, and those of
// LiteLLM that it knows and does not do. Slips are found here, before Poco reads the flags, so that
// every one of them gets a guess and the same exit status.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::app {

/// One flag. All views are literals.
struct Flag {
    enum class Kind {
        done,     ///< works
        ignored,  ///< LiteLLM has it; one warning says what is not done
        refused,  ///< LiteLLM has it; starting without it would do harm, so it is an error
    };
    std::string_view name;
    std::string_view letter = {};    ///< the short form, without the dash
    std::string_view value = {};     ///< the name of its value for --help; empty = it takes none
    std::string_view variable = {};  ///< the environment variable that stands for it
    std::string_view help;           ///< what it does; of one that is not done: what is not done
    Kind kind = Kind::done;
    int low = 0, high = 0;  ///< the range of a whole number; both 0 = the value is text
};

/// All flags, in the order of --help.
std::span<const Flag> flags();

/// What stands on the command line, once it is known to be well formed.
struct CommandLine {
    std::vector<std::string> arguments;  ///< for Poco: without the flags that are not done
    std::vector<std::string> warnings;   ///< a line for each flag that is ignored
};

/// Sorts `arguments` (without the program's name). Returns the error for the user, with a guess at
/// what was meant, or nothing and fills `sorted`.
std::optional<std::string> read_command_line(std::span<const std::string> arguments,
                                             CommandLine& sorted);

/// What --help prints: commands, examples, flags with their variables; Poco's own flags last.
std::string help_text();

}  // namespace patchbay::app
