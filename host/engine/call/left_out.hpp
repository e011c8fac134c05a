// What a plugin says that it left out of a request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchbay {

/// Adds the names in `json`, a list of strings (bay::kDroppedNote), to `names`. Names that are not
/// fit for a header, and what is no name, are passed over; so is what comes after 64 names.
void add_left_out(std::string_view json, std::vector<std::string>& names);

}  // namespace patchbay
