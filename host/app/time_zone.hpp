// Time zones by their names of the IANA's database, which is the system's (Debian's tzdata).
#pragma once

#include <memory>
#include <string>

#include "store/period.hpp"

namespace patchbay::app {

/// "Europe/Berlin", "US/Eastern"; nullptr where the system has none of that name. Any thread; reads the zone's file once
/// in a process.
std::shared_ptr<const store::Zone> time_zone(const std::string& name);

}  // namespace patchbay::app
