// What the environment asks for and the gateway does not do: variables that stand for flags of
// LiteLLM's, and those that LiteLLM reads itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/command_line.hpp"

namespace patchbay::app {

/// A variable's value; nothing = it is not set.
using Variable = std::function<std::optional<std::string>(const std::string& name)>;

/// Looks at the environment of a gateway that is to start, and does nothing for a command. Returns
/// the error for the user where starting would open what the variable was to close: the gateway
/// would speak in the clear, or serve without the file that has its master key. What is only not
/// done becomes a line of `line.warnings`.
std::optional<std::string> read_variables(const Variable& variable, CommandLine& line);

}  // namespace patchbay::app
