// The structs that a machine fills in, as the JSON that transcripts compare.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "patchbay/guardrail.h"
#include "patchbay/provider.h"

namespace patchbay::transcript {

/// All members of a bay_usage.
boost::json::object usage_fields(const bay_usage& u);

/// All members of a bay_error.
boost::json::object error_fields(const bay_error& e);

/// "allow", "block", "modify" or "hold"; a decision that the gateway does not know is a block.
const char* decision_name(std::uint32_t decision);

/// The members of a bay_verdict that say something; `paths` are those of the texts that were asked
/// about. The message of an error and a document are shown as the JSON that they may be.
boost::json::object verdict_fields(const bay_verdict& verdict, std::span<const std::string> paths);

/// True if it is JSON.
bool is_json(std::string_view text);

}  // namespace patchbay::transcript
