// SPDX-License-Identifier: Apache-2.0
#include "count_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "anthropic/betas.hpp"
#include "chat/base64.hpp"
#include "claude_exchange.hpp"
#include "errors.hpp"

namespace patchbay::bedrock {

std::string count_body(std::string_view messages_request) {
    auto parsed = parse_json(messages_request);
    auto* body = parsed ? parsed->if_object() : nullptr;
    if (!body) return {};
    if (!find(*body, "max_tokens")) (*body)["max_tokens"] = 1;
    const auto call = claude_call(to_text(*parsed), {});
    const json::object invoked{{"body", shared::encode_base64(call.body)}};
    return to_text(json::object{{"input", json::object{{"invokeModel", invoked}}}});
}

bay_status CountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    auto body = count_body(bay::sv(request.json));
    if (body.empty()) return report(bad_request("body", "must be a JSON object"), out);
    deployment().ask_without_profile();
    return start("count-tokens", std::move(body), false, out);
}

bay_status CountExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto parsed = parse_json(bay::sv(done.data));
    const auto* answer = parsed ? parsed->if_object() : nullptr;
    if (!answer || !find(*answer, "inputTokens")) {
        return report(unreadable("no count of tokens", done), out);
    }
    return out.result(to_text(json::object{{"input_tokens", count(*answer, "inputTokens")}}));
}

}  // namespace patchbay::bedrock
