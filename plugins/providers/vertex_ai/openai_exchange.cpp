// SPDX-License-Identifier: Apache-2.0
#include "openai_exchange.hpp"

#include <array>
#include <patchbay/sdk.hpp>
#include <span>

#include "chat/unsupported.hpp"
#include "google/errors.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::vertex_ai {

namespace {

// What LiteLLM sends Mistral's models nothing of, and of that Codestral's, which complete code.
constexpr std::array<std::string_view, 10> kLacked{"frequency_penalty",
                                                   "logit_bias",
                                                   "logprobs",
                                                   "n",
                                                   "presence_penalty",
                                                   "top_logprobs",
                                                   "parallel_tool_calls",
                                                   "response_format",
                                                   "tool_choice",
                                                   "tools"};
constexpr std::size_t kLackedByAll = 6;

bool says_nothing(std::string_view name, std::string_view value) {
    return value == "null" || (name == "n" && value == "1");
}

}  // namespace

bay_status OpenAiExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (auto settled = settle(request); !settled) return google::report(settled.error(), out);
    streamed_ = (request.flags & BAY_REQ_STREAM) != 0;
    std::string_view model = deployment().model();
    const bool mistral = family_of(model) == Family::mistral;
    if (mistral) model = model.substr(0, model.find('@'));
    body_.emplace(request);
    // None of these APIs has it.
    body_->drop("user");
    if (mistral) {
        if (const auto failure = settle_mistral(request, out)) return google::report(*failure, out);
    }
    body_->set("model", bay::json_quote(model));
    if (streamed_ && (request.flags & BAY_REQ_WANT_USAGE) != 0) {
        body_->set("stream_options", R"({"include_usage":true})");
    }
    segments_ = body_->segments();
    return start(out);
}

std::optional<google::Failure> OpenAiExchange::settle_mistral(const bay_ev_request& request,
                                                              bay::Out out) {
    body_->rename("seed", "random_seed");
    std::vector<shared::Unsupported> refused;
    bay::Dropped dropped;
    const bool codestral = deployment().model().starts_with("codestral-");
    const auto lacked = std::span(kLacked).first(codestral ? kLacked.size() : kLackedByAll);
    for (const std::string_view name : lacked) {
        const auto value = body_->value(name);
        if (value.empty() || bay::list_has(bay::sv(request.allowed_params), name)) continue;
        body_->drop(name);
        const bool usual = value == "false" || value == "{}";
        if (says_nothing(name, value) || (usual && request.hint_params.len != 0)) continue;
        dropped.add(name);
        if (!bay::list_has(bay::sv(request.hint_params), name)) refused.push_back({name, {}});
    }
    if (!refused.empty() && (request.flags & BAY_REQ_DROP_PARAMS) == 0) {
        return shared::unsupported("vertex_ai", deployment().model(), refused);
    }
    dropped.tell(out);
    return std::nullopt;
}

std::string OpenAiExchange::url() {
    if (family_of(deployment().model()) == Family::openai) {
        return deployment().url("/chat/completions");
    }
    return deployment().url(streamed_ ? "streamRawPredict" : "rawPredict");
}

bay_status OpenAiExchange::send(bay::HttpRequest& call, bay::Out out) {
    call.header("content-type", "application/json").flags(BAY_HTTP_MAIN | BAY_HTTP_REPEATABLE);
    call.decode(streamed_ ? BAY_DECODE_SSE : BAY_DECODE_BUFFER).body(segments_);
    return call.send(out);
}

bay_status OpenAiExchange::on_http_head(const bay_ev_http& head, bay::Out out) {
    return head.status / 100 == 2 ? out.pass_through(head.call) : bay_status{BAY_OK};
}

// While the answer passes through, only frames that are errors come here.
bay_status OpenAiExchange::on_http_frame(const bay_ev_http& frame, bay::Out out) {
    if (finished_) return BAY_OK;
    finished_ = true;
    return google::report(google::failure_of_event(bay::sv(frame.data)), out);
}

bay_status OpenAiExchange::ended(const bay_ev_http& done, bay::Out out) {
    if (finished_) return BAY_OK;
    finished_ = true;
    if (done.failure == BAY_FAIL_FRAMING && done.data.len != 0) {
        return google::report(google::failure_of_event(bay::sv(done.data)), out);
    }
    if (done.failure != BAY_FAIL_NONE) return google::report(google::failure_of_call(done), out);
    if (done.status / 100 != 2) return google::report(google::failure_of_answer(done), out);
    return out.done();
}

}  // namespace patchbay::vertex_ai
