// Where two JSON texts differ.
#pragma once

#include <string>
#include <vector>

#include <boost/json/value.hpp>

namespace patchbay::transcript {

/// Where two JSON values differ, as "at /pointer: expected X, got Y"; the expected string "*" fits
/// any value. `subset`: members of the top-level object that are not expected do not matter.
/// Numbers are compared by value.
std::vector<std::string> diff_json(const boost::json::value& expected,
                                   const boost::json::value& got, bool subset);

/// The same for texts; one that is not JSON is a difference.
std::vector<std::string> diff_text(const std::string& expected, const std::string& got,
                                   bool subset);

}  // namespace patchbay::transcript
