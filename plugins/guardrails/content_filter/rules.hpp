// From the configuration to rules.
#pragma once

#include <string_view>
#include <vector>

#include "patchbay/sdk.hpp"
#include "text_filter/filter.hpp"

namespace patchbay::content_filter {

using text_filter::Rule;

/// Reads `patterns` and `blocked_words`, valid against the manifest's schema. Everything that is
/// wrong besides is reported with its JSON pointer: an unknown pattern, an expression that RE2 does
/// not take, a filter without rules.
std::vector<Rule> read_rules(std::string_view config, bay::Diag& diag);

}  // namespace patchbay::content_filter
