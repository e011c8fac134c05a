// What may stand on the command line, as one table: the flags that Patchbay has, and those of
// LiteLLM that it knows and does not do.
#pragma once

#include <span>
#include <string_view>

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
    std::string_view of =
        {};  ///< the commands that it belongs to, "keys|prices import"; empty = all
};

/// All flags, in the order of --help.
std::span<const Flag> flags();

/// Those that Poco::Util::ServerApplication adds by itself.
std::span<const Flag> poco_flags();

}  // namespace patchbay::app
