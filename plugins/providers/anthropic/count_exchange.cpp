// SPDX-License-Identifier: Apache-2.0
#include "count_exchange.hpp"

#include <array>

#include "chat/count_tokens.hpp"
#include "headers.hpp"
#include "json.hpp"
#include "patchbay/sdk/http_request.hpp"

namespace patchbay::anthropic {

std::string counted_body(std::string_view messages_request) {
    // "Count tokens in a Message", the beta's members included.
    constexpr auto kCounted = std::to_array<std::string_view>(
        {"model", "messages", "system", "tools", "tool_choice", "thinking", "output_config",
         "output_format", "cache_control", "context_management", "mcp_servers"});
    return shared::with_members(messages_request, kCounted);
}

bay_status CountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    const auto params = parse_json(bay::sv(request.target->params));
    const json::object none;
    const auto& settings = params && params->is_object() ? params->get_object() : none;
    auto call = chat_.begin(request, settings);
    if (!call) return report(call.error(), out);
    call->dropped.tell(out);
    bay::HttpRequest http("POST",
                          messages_url(bay::sv(request.target->base_url)).append("/count_tokens"));
    for (const auto& [name, value] :
         messages_headers(bay::sv(request.target->api_key), settings, request.headers,
                          request.header_count, std::move(call->betas))) {
        http.header(name, value);
    }
    const std::string body = counted_body(call->body);
    http.flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE).decode(BAY_DECODE_BUFFER).body_view(body);
    return http.send(out);
}

}  // namespace patchbay::anthropic
