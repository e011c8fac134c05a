// Keys of `general_settings` that bound what the gateway takes on: sizes, and requests at once.
#pragma once

#include "config/config.hpp"
#include "config/section.hpp"

namespace patchbay {

/// `max_request_size_mb` and `max_response_size_mb`; a fraction of a megabyte counts.
void read_max_request_size(Reader& reader, const Entry& entry, GeneralSettings& settings);
void read_max_response_size(Reader& reader, const Entry& entry, GeneralSettings& settings);
/// `max_in_flight_requests_per_worker`, and what goes with it. Where that is not given the other two are
/// looked at and mean nothing, as in LiteLLM.
void read_loop_bounds(Reader& reader, const Entry& section, GeneralSettings& settings);

}  // namespace patchbay
