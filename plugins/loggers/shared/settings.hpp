// Reading an instance's configuration, valid against its schema already.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "patchbay/sdk/host.hpp"

namespace patchbay::sink {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The configuration as an object.
boost::json::object read_config(std::string_view config);

/// The text of a member, or an empty one.
std::string setting(const boost::json::object& config, std::string_view name);

/// `base` without slashes at its end, then `path`; `base` alone if it ends with `path` already.
std::string url_of(std::string base, std::string_view path);

/// The member "headers": an object of texts, or a text "name=value,name=value" as it stands in
/// environment variables. Names or values that HTTP has no room for are reported. With
/// `percent_encoded`, values of a text are decoded (OTEL_EXPORTER_OTLP_HEADERS).
Headers read_headers(const boost::json::object& config, bool percent_encoded, bay::Diag& diag);

}  // namespace patchbay::sink
