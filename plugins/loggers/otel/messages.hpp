// Messages as OpenTelemetry's GenAI conventions write them: {"role", "parts": [{"type", ...}]}.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace patchbay::otel {

/// gen_ai.input.messages of OpenAI's messages; empty if they are no list.
boost::json::array input_messages(const boost::json::value& messages);

/// gen_ai.output.messages of an OpenAI-shaped answer; empty if it has no choices.
boost::json::array output_messages(const boost::json::value& response);

}  // namespace patchbay::otel
