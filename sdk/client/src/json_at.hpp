// One value out of a JSON document.
#pragma once

#include <string>
#include <string_view>

#include "patchbay/abi.h"

namespace patchbay::client {

/// bay_json_at() without its buffer.
bay_status json_at(std::string_view json, std::string_view pointer, std::string& found);

}  // namespace patchbay::client
