// Tools that Anthropic defines and the client runs, as the functions they are to other models.
#pragma once

#include <string_view>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// The function (name, description, parameters) for a tool of `type`, such as "bash_20250124". Its
/// name is `name`, by which the client knows it, or Anthropic's if that is empty. Empty for types
/// that are no such tools.
json::object client_tool(std::string_view type, std::string_view name);

}  // namespace patchbay::surface
