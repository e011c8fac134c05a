// A record as events of Langfuse's ingestion API: a trace, the generation in it, and a span for
// each guardrail that ran. Members and names are LiteLLM's, so that dashboards keep working.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

#include "shared/payload.hpp"

namespace patchbay::langfuse {

/// Events in the order in which they are to be sent. Everything in them, ids and times too, depends
/// on the record alone.
std::vector<boost::json::object> events_of(const sink::Record& record);

}  // namespace patchbay::langfuse
