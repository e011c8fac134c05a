// YAML text to a tree, with bounds on everything hostile or broken text can blow up.
#pragma once

#include <string_view>

#include "config/problems.hpp"
#include "config/yaml_node.hpp"

namespace patchbay::yaml {

inline constexpr std::size_t kMaxText = 4u << 20;       ///< bytes of one file
inline constexpr std::size_t kMaxHeight = 100;          ///< levels of nesting, aliases written out
inline constexpr std::size_t kMaxExpansion = 1u << 20;  ///< what aliases may add to the text's size

/// Parses one document into `document` (made with the file's name). Returns false after reporting
/// why it could not; duplicate keys are warnings, the last one counts. Never throws but for lack of
/// memory.
bool parse(std::string_view text, Document& document, Problems& problems);

}  // namespace patchbay::yaml
