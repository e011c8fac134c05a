// The structs that a machine fills in, as the JSON that transcripts compare.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "patchbay/provider.h"

namespace patchbay::transcript {

/// All members of a bay_usage.
boost::json::object usage_fields(const bay_usage& u);

/// All members of a bay_error.
boost::json::object error_fields(const bay_error& e);

/// The same for the error of a verdict, whose message may be a JSON object and is shown as one.
boost::json::object verdict_error_fields(const bay_error& e);

/// True if the host would take it for JSON.
bool is_json(std::string_view text);

}  // namespace patchbay::transcript
