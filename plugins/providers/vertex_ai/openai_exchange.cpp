// SPDX-License-Identifier: Apache-2.0
#include "openai_exchange.hpp"

#include <array>
#include <patchbay/sdk.hpp>
#include <span>

#include "chat/unsupported.hpp"
#include "google/errors.hpp"
#include "openai_shared/messages.hpp"
#include "openai_shared/values.hpp"
#include "patchbay/sdk/dropped.hpp"

namespace patchbay::vertex_ai {

namespace {

// What LiteLLM sends Mistral's models nothing of, and of that Codestral's, which complete code.
constexpr std::array<std::string_view, 12> kLacked{
    "frequency_penalty",   "logit_bias",       "logprobs",    "n",
    "presence_penalty",    "reasoning_effort", "thinking",    "top_logprobs",
    "parallel_tool_calls", "response_format",  "tool_choice", "tools"};
constexpr std::size_t kLackedByAll = 8;

bool says_nothing(std::string_view name, std::string_view value) {
    return value == "null" || (name == "n" && value == "1");
}

openai::Dialect mistrals() {
    openai::Dialect dialect;
    dialect.tool_choice = {openai::ChoiceAction::any, openai::ChoiceAction::any};
    dialect.tool_schema_drop = {"$id", "$schema"};
    openai::MessageRules& rules = dialect.messages;
    rules.text_parts_to_string = true;
    rules.named_roles = {"tool"};
    rules.nine_character_call_ids = true;
    rules.ordered_roles = true;
    rules.audio_as_text = true;
    rules.files = openai::FileRule::document_url;
    rules.assistant_members = {"role", "content", "tool_calls", "prefix"};
    return dialect;
}

/// What these models take of messages and tools: Mistral's as on its own API.
const openai::Dialect& dialect_of(bool mistral) {
    static const openai::Dialect kMistrals = mistrals();
    static const openai::Dialect kOthers;
    return mistral ? kMistrals : kOthers;
}

void apply(const openai::ValueAction& action, std::string_view name, bay::Splice& body) {
    if (action.kind == openai::ValueAction::Kind::replace) body.set(name, action.json);
    if (action.kind == openai::ValueAction::Kind::drop) body.drop(name);
}

void rewrite(const openai::Dialect& dialect, bay::Splice& body) {
    const auto messages = openai::rewrite_messages(dialect.messages, body.value("messages"), {});
    if (messages) body.set("messages", *messages);
    apply(openai::apply_tools(dialect, body.value("tools")), "tools", body);
    apply(openai::apply_tool_choice(dialect.tool_choice, body.value("tool_choice")), "tool_choice",
          body);
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
    rewrite(dialect_of(mistral), *body_);
    body_->set("model", bay::json_quote(model));
    // Mistral's tell it unasked, and know no such member.
    if (mistral) body_->drop("stream_options");
    if (!mistral && streamed_ && (request.flags & BAY_REQ_WANT_USAGE) != 0) {
        body_->set("stream_options", R"({"include_usage":true})");
    }
    segments_ = body_->segments();
    return start(out);
}

std::optional<google::Failure> OpenAiExchange::settle_mistral(const bay_ev_request& request,
                                                              bay::Out out) {
    body_->rename("seed", "random_seed");
    const auto most = body_->value("max_completion_tokens");
    if (!most.empty() && most != "null") {
        body_->drop("max_tokens");
        body_->rename("max_completion_tokens", "max_tokens");
    }
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
