// What the strategies of routing are called.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/routing.hpp"

namespace patchbay {

/// "least-busy": LiteLLM's name, or Patchbay's own. Lives as long as the program.
std::string_view strategy_name(Strategy strategy);

/// nullopt: there is no strategy of this name, or it is_undone_strategy().
std::optional<Strategy> find_strategy(std::string_view name);

/// Does LiteLLM have a strategy of this name that is not done here?
bool is_undone_strategy(std::string_view name);

/// "simple-shuffle, least-busy, ...": all that there are.
std::string strategy_names();

}  // namespace patchbay
