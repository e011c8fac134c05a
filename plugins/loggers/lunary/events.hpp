// A record as events of Lunary's ingestion API: the start of a run, and its end or its error.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "shared/payload.hpp"

namespace patchbay::lunary {

/// The run's id, a UUID: that of the record, or made of it.
std::string run_id(const sink::Record& record);

/// Two events. Everything in them depends on the record alone.
std::vector<boost::json::object> events_of(const sink::Record& record);

}  // namespace patchbay::lunary
