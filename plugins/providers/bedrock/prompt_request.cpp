// SPDX-License-Identifier: Apache-2.0
#include "prompt_request.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/params.hpp"
#include "chat/parameter_rules.hpp"

namespace patchbay::bedrock {

namespace {

struct Set {
    const PromptForm& form;
    bool tools;  ///< the client names some
};

using Rule = shared::ParameterRule<Set>;
using shared::never;
using shared::unless_empty;
using shared::unless_false;
using shared::unless_one;
using shared::unless_text;
using shared::Verdict;

constexpr std::string_view kStop = "stop";
constexpr std::string_view kTopK = "top_k";
constexpr std::string_view kSeed = "seed";
constexpr std::string_view kFrequency = "frequency_penalty";
constexpr std::string_view kPresence = "presence_penalty";

const Parameter* find_parameter(const PromptForm& form, std::string_view openai) {
    const auto row = std::find_if(form.parameters.begin(), form.parameters.end(),
                                  [&](const Parameter& one) { return one.openai == openai; });
    return row == form.parameters.end() ? nullptr : &*row;
}

template <const std::string_view& Name>
Verdict if_known(const json::value& value, const Set& set) {
    if (find_parameter(set.form, Name)) return Verdict::keep;
    // A penalty of 0 is none, and an empty list of sequences stops nothing.
    const auto* list = value.if_array();
    const bool empty = list && list->empty();
    const bool zero = Name.ends_with("penalty") && json_tree::number(value) == 0.0;
    return empty || zero ? Verdict::leave_out : Verdict::refuse;
}

Verdict tools(const json::value& value, const Set&) {
    const auto* list = value.if_array();
    return list && list->empty() ? Verdict::leave_out : Verdict::refuse;
}

// Without tools there is nothing to choose.
Verdict choice(const json::value&, const Set& set) {
    return set.tools ? Verdict::refuse : Verdict::leave_out;
}

Verdict format(const json::value& value, const Set&) {
    return text(value.if_object(), "type") == "text" ? Verdict::leave_out : Verdict::refuse;
}

Verdict thinking(const json::value& value, const Set&) {
    const bool off = text(value.if_object(), "type") == "disabled" || value == json::value("none");
    return off ? Verdict::leave_out : Verdict::refuse;
}

constexpr std::string_view kNoTools = "the model takes a prompt, and no tools";

constexpr std::array kRules{
    Rule{"audio", never},
    Rule{kFrequency, if_known<kFrequency>},
    Rule{"function_call", choice, kNoTools},
    Rule{"functions", tools, kNoTools},
    Rule{"logit_bias", unless_empty},
    Rule{"logprobs", unless_false},
    Rule{"modalities", unless_text},
    Rule{"n", unless_one},
    Rule{"parallel_tool_calls", choice, kNoTools},
    Rule{"prediction", never},
    Rule{kPresence, if_known<kPresence>},
    Rule{"prompt_cache_key", never},
    Rule{"prompt_cache_retention", never},
    Rule{"reasoning_effort", thinking},
    Rule{"response_format", format, "the model answers in text"},
    Rule{"safety_identifier", never},
    Rule{kSeed, if_known<kSeed>},
    Rule{kStop, if_known<kStop>},
    Rule{"store", unless_false},
    Rule{"thinking", thinking},
    Rule{"tool_choice", choice, kNoTools},
    Rule{"tools", tools, kNoTools},
    Rule{kTopK, if_known<kTopK>},
    Rule{"top_logprobs", never},
    Rule{"verbosity", never},
    Rule{"web_search_options", never},
};

Result<void> write_parameters(const json::object& client, const PromptForm& form,
                              json::object& body) {
    for (const auto& row : form.parameters) {
        const auto* value = find(client, row.openai);
        if (!value) continue;
        if (row.openai != kStop) {
            if (!is_number(*value)) return bad_request(std::string(row.openai), "must be a number");
            body[row.own] = *value;
            continue;
        }
        auto sequences = anthropic::translate_stop(*value);
        if (!sequences) return sequences.error();
        if (!sequences->empty()) body[row.own] = std::move(*sequences);
    }
    return {};
}

// What nobody knows is the model's own.
void write_others(const json::object& client, const RequestOptions& options, const PromptForm& form,
                  json::object& body) {
    for (const auto& [name, value] : client) {
        const bool known = anthropic::is_translated(name) || is_header_member(name) ||
                           find_parameter(form, name) != nullptr;
        if (value.is_null() || anthropic::is_gateway_own(name)) continue;
        if (!known || bay::list_has(options.allowed_params, name)) body[name] = value;
    }
}

// Command R: what the user says last is the prompt, the rest of the conversation stands beside it.
Result<void> write_history(const std::vector<Turn>& turns, const PromptForm& form,
                           json::object& body) {
    std::string preamble;
    json::array history;
    for (std::size_t i = 0; i + 1 < turns.size(); ++i) {
        const auto& turn = turns[i];
        if (turn.speaker == Speaker::system) {
            preamble.append(preamble.empty() ? "" : "\n\n").append(turn.text);
            continue;
        }
        const bool user = turn.speaker == Speaker::user;
        history.emplace_back(
            json::object{{"role", user ? "USER" : "CHATBOT"}, {"message", turn.text}});
    }
    if (turns.back().speaker != Speaker::user) {
        return bad_request("messages", "the last one must be the user's: the model answers it");
    }
    body[form.prompt] = turns.back().text;
    if (!history.empty()) body["chat_history"] = std::move(history);
    if (!preamble.empty()) body["preamble"] = preamble;
    return {};
}

}  // namespace

Result<PromptCall> prompt_request(std::string_view client_json, const PromptForm& form,
                                  bool streamed, const RequestOptions& options) {
    auto parsed = parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    auto& client = parsed->get_object();
    PromptCall call;
    const auto* tools = find_array(client, "tools");
    const auto* functions = find_array(client, "functions");
    const Set set{form, (tools && !tools->empty()) || (functions && !functions->empty())};
    const shared::Leniency leniency{"bedrock", options.asked, options.drop_params,
                                    options.allowed_params, options.hint_params};
    if (auto settled = shared::settle(client, kRules, set, leniency, call.dropped); !settled) {
        return settled.error();
    }
    const auto turns = turns_of(client);
    if (!turns) return turns.error();

    json::object body, config;
    if (form.marks) {
        body[form.prompt] = prompt_of(*turns, *form.marks);
    } else if (auto written = write_history(*turns, form, body); !written) {
        return written.error();
    }
    auto& parameters = form.config.empty() ? body : config;
    if (auto written = write_parameters(client, form, parameters); !written) {
        return written.error();
    }
    write_others(client, options, form, parameters);
    if (!form.config.empty()) body[form.config] = std::move(config);
    if (form.says_stream && streamed) body["stream"] = true;
    if (const auto* more = find_object(client, "extra_body")) {
        for (const auto& [name, value] : *more) body[name] = value;
    }
    call.headers = take_headers(client);
    call.body = to_text(json::value(std::move(body)));
    return call;
}

}  // namespace patchbay::bedrock
