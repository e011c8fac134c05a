// From the configuration to rules.
#pragma once

#include <string_view>
#include <vector>

#include "patchbay/sdk.hpp"
#include "text_filter/filter.hpp"

namespace patchbay::secrets {

/// `config` is valid against the manifest's schema. A detector that there is not is reported with
/// its JSON pointer.
std::vector<text_filter::Rule> read_rules(std::string_view config, bay::Diag& diag);

}  // namespace patchbay::secrets
