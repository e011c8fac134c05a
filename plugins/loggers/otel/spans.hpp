// A record as spans by OpenTelemetry's semantic conventions for generative AI: one of the call,
// with one below it for each guardrail that ran.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

#include "shared/payload.hpp"

namespace patchbay::otel {

/// Spans in OTLP's JSON. Everything in them, ids and times too, depends on the record alone.
std::vector<boost::json::object> spans_of(const sink::Record& record);

}  // namespace patchbay::otel
