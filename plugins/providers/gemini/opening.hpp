// SPDX-License-Identifier: Apache-2.0
// What the machines of the component have in common.
#pragma once

#include <patchbay/sdk.hpp>
#include <string>

#include "chat/headers.hpp"
#include "google/json.hpp"

namespace patchbay::gemini {

/// Of one exchange.
struct Opening {
    std::string request_id;
};

/// The key, the client's headers and the deployment's.
inline void add_own_headers(const bay_ev_request& request, bay::HttpRequest& call) {
    const auto params = google::parse_json(bay::sv(request.target->params));
    const google::json::object none;
    const auto& settings = params && params->is_object() ? params->get_object() : none;
    shared::add_headers("x-goog-api-key", bay::sv(request.target->api_key), settings,
                        request.headers, request.header_count, call);
}

}  // namespace patchbay::gemini
