// The tables of this room as they lie in the binary. Lines end with '\n'.
#pragma once

#include <string_view>

namespace patchbay {

/// models.tsv: a line with the columns' names, then a model a line, sorted by name as if its ASCII
/// letters were small. Columns are parted by tabs; those at the end that are empty may be missing.
std::string_view embedded_models();

/// abilities.tsv: a line for each set of abilities that models have: words parted by spaces, a tab, and the names of the models
/// that have them, as in models.tsv, parted by spaces.
std::string_view embedded_abilities();

/// providers.txt: a provider of LiteLLM's a line, sorted by bytes.
std::string_view embedded_providers();

}  // namespace patchbay
