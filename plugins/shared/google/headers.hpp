// The headers of a call to Google beside those that every call has.
#pragma once

#include <cstdint>
#include <patchbay/exchange.h>
#include <string_view>

#include "json.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::google {

/// Adds `name` (the credentials' header; `value` empty: none), then the client's headers that may go
/// on and are not Anthropic's, then the deployment's `extra_headers` of `settings`. Of one name the
/// last counts. A header that cannot be sent (RFC 9110, section 5) is left out.
void add_headers(std::string_view name, std::string_view value, const json::object& settings,
                 const bay_kv* client, std::uint64_t client_count, bay::HttpRequest& call);

}  // namespace patchbay::google
