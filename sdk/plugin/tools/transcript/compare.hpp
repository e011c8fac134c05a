// Expectations against actions.
#pragma once

#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "player.hpp"

namespace patchbay::transcript {

/// Differences as lines "FILE:LINE: text", each followed by indented details; empty if all is as
/// expected.
std::vector<std::string> compare(const Transcript& transcript, const Run& run);

/// Where two JSON values differ, as "at /pointer: expected X, got Y"; the expected string "*" fits
/// any value. `subset`: members of the top-level object that are not expected do not matter.
/// Numbers are compared by value.
std::vector<std::string> diff_json(const boost::json::value& expected,
                                   const boost::json::value& got, bool subset);

}  // namespace patchbay::transcript
