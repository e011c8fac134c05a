// A record as Helicone's log request: what the provider was sent, what it answered, and when.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "shared/payload.hpp"

namespace patchbay::helicone {

/// True for the models that Helicone wants in the form of Anthropic's Messages API.
bool is_claude(const sink::Record& record);

/// The body of the log request. `authorization` goes into it as "Helicone-Auth".
boost::json::object log_request(const sink::Record& record, const std::string& authorization);

}  // namespace patchbay::helicone
