// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <utility>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

#include "json/access.hpp"
#include "messages.hpp"
#include "openai_shared/embedding_texts.hpp"
#include "patchbay/operations.h"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::oci {

namespace json = boost::json;
using openai::Param;

namespace {

constexpr std::uint64_t kUsualMaxTokens = 4096;  // LiteLLM's; Oracle's own default is 20

openai::Dialect at_oci() {
    openai::Dialect dialect;
    dialect.provider = "oci";
    dialect.base_url = "https://inference.generativeai.oci.oraclecloud.com";
    dialect.key_optional = true;  // calls are signed
    dialect.operations = {{BAY_OP_CHAT_COMPLETIONS},
                          {BAY_OP_EMBEDDINGS, {}, {"dimensions", "encoding_format", "user"}}};
    dialect.renames = {{"max_completion_tokens", "maxTokens"},
                       {"max_tokens", "maxTokens"},
                       {"top_p", "topP"},
                       {"top_k", "topK"},
                       {"n", "numGenerations"},
                       {"frequency_penalty", "frequencyPenalty"},
                       {"presence_penalty", "presencePenalty"},
                       {"logit_bias", "logitBias"}};
    dialect.stream_options = false;
    return dialect;
}

std::string upper(std::string_view text) {
    return boost::algorithm::to_upper_copy(std::string(text));
}

/// What is taken out of the written members to be said otherwise; null if it is not there.
json::value taken(json::object& members, std::string_view name) {
    json::value* found = members.if_contains(name);
    json::value value = found != nullptr ? std::move(*found) : json::value();
    members.erase(name);
    return value;
}

json::value tool_choice(const json::value& choice) {
    if (choice.is_string()) return json::object{{"type", upper(choice.get_string())}};
    const json::object* function = shared::find_object(choice.if_object(), "function");
    return json::object{{"type", "FUNCTION"}, {"name", shared::text(function, "name")}};
}

json::value response_format(const json::value& format, bool cohere) {
    const json::object* given = format.if_object();
    const std::string type = upper(shared::text(given, "type"));
    const json::object* described = shared::find_object(given, "json_schema");
    if (described == nullptr) return json::object{{"type", type}};
    const json::value* schema = shared::find(described, "schema");
    if (cohere) {
        json::object made{{"type", "JSON_OBJECT"}};
        if (schema != nullptr) made["schema"] = *schema;
        return made;
    }
    json::object made{{"name", shared::text(described, "name")}};
    if (schema != nullptr) made["schema"] = *schema;
    if (const json::value* strict = shared::find(described, "strict")) made["isStrict"] = *strict;
    return json::object{{"type", "JSON_SCHEMA"}, {"jsonSchema", std::move(made)}};
}

/// The members of a generic request that have values of their own.
void settle_generic(json::object& chat) {
    if (const auto choice = taken(chat, "tool_choice"); !choice.is_null()) {
        chat["toolChoice"] = tool_choice(choice);
    }
    // How many are told, not whether.
    if (const auto logprobs = taken(chat, "logprobs"); logprobs == json::value(true)) {
        chat["logProbs"] = 1;
    }
    if (const auto effort = taken(chat, "reasoning_effort"); effort.is_string()) {
        chat["reasoningEffort"] = upper(effort.get_string());
    }
}

}  // namespace

bool is_cohere(std::string_view model) {
    return model.starts_with("cohere.");
}

openai::Dialect generic_dialect() {
    openai::Dialect dialect = at_oci();
    dialect.supported = {Param::frequency_penalty,
                         Param::logit_bias,
                         Param::logprobs,
                         Param::max_completion_tokens,
                         Param::max_tokens,
                         Param::n,
                         Param::presence_penalty,
                         Param::reasoning_effort,
                         Param::response_format,
                         Param::seed,
                         Param::stop,
                         Param::stream,
                         Param::temperature,
                         Param::tool_choice,
                         Param::tools,
                         Param::top_p,
                         Param::top_k};
    return dialect;
}

openai::Dialect cohere_dialect() {
    openai::Dialect dialect = at_oci();
    dialect.supported = {Param::frequency_penalty,
                         Param::max_completion_tokens,
                         Param::max_tokens,
                         Param::presence_penalty,
                         Param::response_format,
                         Param::seed,
                         Param::stop,
                         Param::stream,
                         Param::temperature,
                         Param::tools,
                         Param::top_k,
                         Param::top_p};
    dialect.renames.push_back({"stop", "stopSequences"});
    return dialect;
}

openai::Written<std::string> write_chat(const bay_ev_request& request,
                                        const openai::Dialect& dialect,
                                        const Deployment& deployment, bay::Dropped& dropped) {
    bay::Splice written(request);
    if (auto refusal = openai::write_body(request, dialect, written, &dropped)) return *refusal;
    auto parsed = shared::parse_json(written.text());
    json::object chat;
    if (parsed && parsed->is_object()) chat = std::move(parsed->get_object());
    for (const char* name : {"model", "stream", "stream_options", "user"}) chat.erase(name);
    const bool cohere = is_cohere(bay::sv(request.target->model));
    const json::value messages = taken(chat, "messages");
    if (!messages.is_array() || messages.get_array().empty()) {
        return openai::Refusal{BAY_ERR_BAD_REQUEST, "messages: must be a list of messages",
                               "messages"};
    }
    chat["apiFormat"] = cohere ? "COHERE" : "GENERIC";
    if (cohere) {
        if (auto put = put_cohere_messages(messages.get_array(), chat); !put) return put.error();
    } else {
        auto made = generic_messages(messages.get_array());
        if (!made) return made.error();
        chat["messages"] = std::move(*made);
        settle_generic(chat);
    }
    if (const auto tools = taken(chat, "tools"); tools.is_array()) {
        chat["tools"] = cohere ? cohere_tools(tools.get_array()) : generic_tools(tools.get_array());
    }
    if (const auto format = taken(chat, "response_format"); !format.is_null()) {
        chat["responseFormat"] = response_format(format, cohere);
    }
    for (const char* name : {"stop", "stopSequences"}) {
        json::value* stop = chat.if_contains(name);
        if (stop == nullptr || !stop->is_string()) continue;
        json::array one;
        one.push_back(std::move(*stop));
        *stop = std::move(one);
    }
    chat.emplace("maxTokens", kUsualMaxTokens);
    const bool streamed = (request.flags & BAY_REQ_STREAM) != 0;
    if (streamed || !cohere) chat["isStream"] = streamed;
    json::object body{{"compartmentId", deployment.compartment},
                      {"servingMode", deployment.serving_mode}};
    body["chatRequest"] = std::move(chat);
    return shared::to_text(body);
}

openai::Written<std::string> write_embeddings(const bay_ev_request& request,
                                              const openai::Dialect& dialect,
                                              const Deployment& deployment, bay::Dropped& dropped) {
    const auto parsed = shared::parse_json(bay::sv(request.json));
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    auto texts = openai::texts_of_input(client);
    if (!texts) return texts.error();
    openai::Unsupported unsupported(request, dialect, dialect.find(BAY_OP_EMBEDDINGS));
    json::object body{{"compartmentId", deployment.compartment},
                      {"servingMode", deployment.serving_mode},
                      {"inputs", std::move(*texts)},
                      {"truncate", "END"}};
    for (const auto& member : *client) {
        const std::string_view name = member.key();
        if (name == "model" || name == "input" || member.value().is_null()) continue;
        if (unsupported.leaves_out(name, shared::to_text(member.value()))) continue;
        const json::value* words = member.value().is_string() ? &member.value() : nullptr;
        if (name == "input_type" && words != nullptr) {
            body["inputType"] = upper(words->get_string());
        } else {
            body[name] = member.value();
        }
    }
    if (auto refusal = unsupported.refusal()) return *refusal;
    dropped = unsupported.dropped();
    return shared::to_text(body);
}

}  // namespace patchbay::oci
