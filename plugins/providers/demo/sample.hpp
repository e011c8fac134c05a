// A value that fits a JSON Schema: arguments of a forced tool call, structured answers.
#pragma once

#include <string_view>

#include "json_access.hpp"

namespace patchbay::demo {

/// The smallest value with every property of `schema`: its "const", "default" or first "enum"
/// member if it has one, else by type; `text` fills the strings. Follows local "$ref"s into `root`.
/// Not a validator: patterns, formats and bounds other than "minimum" are not looked at. Stops at
/// 16 levels.
json::value sample(const json::value& schema, const json::value& root, std::string_view text,
                   int depth = 0);

}  // namespace patchbay::demo
