// The index of top-level members that the host hands to a provider with a request.
#pragma once

#include <string_view>
#include <vector>

#include "patchbay/provider.h"

namespace patchbay::transcript {

/// Members of the top-level object of `json`, in document order, duplicates included; empty if it
/// is not an object. `json` must be valid JSON and outlive the result.
std::vector<bay_member> index_members(std::string_view json);

}  // namespace patchbay::transcript
