// The query of a URL (WHATWG URL, "application/x-www-form-urlencoded parsing").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::http {

/// The decoded value of the first parameter with this name in `query`, which has no '?'; nullopt if
/// there is none. The result may be any bytes.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Those of all parameters with this name, in their order.
std::vector<std::string> query_values(std::string_view query, std::string_view name);

}  // namespace patchbay::http
