// SPDX-License-Identifier: Apache-2.0
#include "count_exchange.hpp"

#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/clouds.hpp"
#include "anthropic/headers.hpp"
#include "chat/base64.hpp"
#include "chat/count_tokens.hpp"
#include "claude_exchange.hpp"
#include "errors.hpp"
#include "request.hpp"

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

std::string count_body_of_converse(std::string_view converse_request) {
    // "ConverseTokensRequest".
    constexpr auto kCounted = std::to_array<std::string_view>(
        {"messages", "system", "toolConfig", "additionalModelRequestFields"});
    const auto counted = parse_json(shared::with_members(converse_request, kCounted));
    if (!counted) return {};
    return to_text(json::object{{"input", json::object{{"converse", *counted}}}});
}

bay_status CountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    auto body = count_body(bay::sv(request.json));
    if (body.empty()) return report(bad_request("body", "must be a JSON object"), out);
    return count(std::move(body), out);
}

bay_status CountExchange::count(std::string body, bay::Out out) {
    deployment().ask_without_profile();
    return start("count-tokens", std::move(body), false, out);
}

bay_status CountExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (done.failure != BAY_FAIL_NONE) return report(failure_of_call(done), out);
    if (done.status / 100 != 2) return report(failure_of_answer(done), out);
    const auto counted = shared::count_of(bay::sv(done.data), "inputTokens");
    if (counted) return out.result(*counted);
    return report(unreadable("no count of tokens", done), out);
}

bay_status ChatCountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return report(settled.error(), out);
    auto body = written(request, out);
    return body ? count(std::move(*body), out) : report(body.error(), out);
}

Result<std::string> ChatCountExchange::written(const bay_ev_request& request, bay::Out out) {
    const Model& model = deployment().model();
    const Body form = model.api == Api::invoke ? model.form->body : Body::nova;
    if (form == Body::nova) return as_converse(request, out);
    if (form != Body::messages) {
        Failure failure;
        failure.cls = BAY_ERR_UNSUPPORTED;
        failure.retry = BAY_RETRY_NEVER;
        failure.type = "invalid_request_error";
        failure.message = "Bedrock does not count the tokens of " + model.name;
        return failure;
    }
    auto call = claude_.begin(request, deployment().settings());
    if (!call) return call.error();
    const auto operators = anthropic::named_betas(deployment().settings(), nullptr, 0);
    const auto betas = anthropic::betas_at(anthropic::Cloud::bedrock_invoke, call->betas, operators,
                                           call->body, call->dropped);
    call->dropped.tell(out);
    return count_body(claude_call(call->body, betas).body);
}

Result<std::string> ChatCountExchange::as_converse(const bay_ev_request& request, bay::Out out) {
    auto options = options_of(request);
    bay::Dropped unknown;
    if (options.model->family->claude()) {
        options.betas = anthropic::betas_at(anthropic::Cloud::bedrock_converse, request,
                                            deployment().settings(), unknown);
    }
    auto call = translate_request(bay::sv(request.json), options);
    if (!call) return call.error();
    for (const auto& name : unknown.names()) call->dropped.add(name);
    call->dropped.tell(out);
    return count_body_of_converse(call->body);
}

}  // namespace patchbay::bedrock
