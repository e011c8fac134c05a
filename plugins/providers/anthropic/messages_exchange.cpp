// SPDX-License-Identifier: Apache-2.0
#include "messages_exchange.hpp"

#include "headers.hpp"
#include "json.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "patchbay/sdk/splice.hpp"
#include "patchbay/sdk/upstream.hpp"
#include "unsigned_thoughts.hpp"

namespace patchbay::anthropic {

bay_status MessagesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    answer_.emplace(kMessagesApi, "Anthropic", streamed);
    const auto params = parse_json(bay::sv(request.target->params));
    const json::object none;
    const auto& settings = params && params->is_object() ? params->get_object() : none;
    bay::HttpRequest call("POST", messages_url(bay::sv(request.target->base_url)).append(path_));
    for (const auto& [name, value] : messages_headers(
             bay::sv(request.target->api_key), settings, request.headers, request.header_count,
             named_betas(settings, request.headers, request.header_count))) {
        call.header(name, value);
    }
    bay::Splice body(request);
    const std::string_view model = bay::sv(request.target->model);
    // Others that speak this API may not sign, and want what they thought.
    if (model.find("claude") != std::string_view::npos) {
        leave_out_unsigned(bay::sv(request.json), body);
    }
    if (!model.empty()) body.set("model", bay::json_quote(model));
    call.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    call.decode(streamed ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(body.segments());
    return call.send(out);
}

}  // namespace patchbay::anthropic
