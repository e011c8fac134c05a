// What a program may ask of the world without calling a model.
#pragma once

#include <string>
#include <string_view>

#include "engine/world/snapshot.hpp"
#include "patchbay/abi.h"

namespace patchbay::client {

/// bay_client_look_up(); the answer is in `json`. Any thread.
bay_status look_up(const Snapshot& world, std::string_view what, std::string_view about,
                   std::string& json);

}  // namespace patchbay::client
