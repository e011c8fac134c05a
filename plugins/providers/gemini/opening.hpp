// SPDX-License-Identifier: Apache-2.0
// What the machines of the component have in common.
#pragma once

#include <patchbay/sdk.hpp>
#include <string>

#include "chat/headers.hpp"
#include "endpoint.hpp"
#include "google/failure.hpp"
#include "google/json.hpp"
#include "google/parameters.hpp"

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

/// Translates the request with a machine of Google's for chat and sends it to that machine's method.
template <class Machine>
bay_status ask(Machine& machine, const bay_ev_request& request, bay::Out out) {
    google::RequestOptions options;
    options.provider = "gemini";
    if (auto begun = machine.begin(request, options); !begun) {
        return google::report(begun.error(), out);
    }
    bay::HttpRequest call("POST", model_url(bay::sv(request.target->base_url),
                                            bay::sv(request.target->model), machine.method()));
    add_own_headers(request, call);
    return machine.send(call, out);
}

}  // namespace patchbay::gemini
