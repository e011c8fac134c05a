// The headers of a call beside those that every call to a provider has.
#pragma once

#include <cstdint>
#include <patchbay/exchange.h>
#include <string_view>

#include <boost/json/object.hpp>

#include "patchbay/sdk/http_request.hpp"

namespace patchbay::shared {

/// For providers that are not Anthropic: adds `name` (the credentials' header; `value` empty: none),
/// then the client's headers that may go on, but for the features of Anthropic's API that it names
/// (its version goes on, as at LiteLLM), then the deployment's `extra_headers` of `settings`. Of one name the last counts. A header that cannot be sent (RFC 9110,
/// section 5) is left out.
void add_headers(std::string_view name, std::string_view value, const boost::json::object& settings,
                 const bay_kv* client, std::uint64_t client_count, bay::HttpRequest& call);

}  // namespace patchbay::shared
