// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <utility>

#include "anthropic/cache_marks.hpp"
#include "anthropic/messages.hpp"
#include "anthropic/model.hpp"
#include "blocks.hpp"
#include "json/is_among.hpp"
#include "media.hpp"
#include "output_form.hpp"
#include "tools.hpp"

namespace patchbay::bedrock {

using shared::is_among;

namespace {

using anthropic::JsonMode;

constexpr std::size_t kLongestToolName = 64;  // ToolSpecification.name
constexpr std::uint64_t kRoom = 4096;         // for the answer, on top of a thinking budget
constexpr std::string_view kThinkingTokens = "/usage/output_tokens_details";

// Converse's own members, which clients of LiteLLM give under their names.
constexpr std::array<std::string_view, 6> kOwnMembers{
    "guardrailConfig", "performanceConfig", "requestMetadata",
    "serviceTier",     "promptVariables",   "additionalModelResponseFieldPaths"};

// What the translation reads, or what says nothing to Bedrock.
constexpr std::array<std::string_view, 5> kRead{"temperature", "top_p", "top_k", "cache_control",
                                                "additionalModelRequestFields"};
constexpr std::string_view kNoWords = "(no message)";
constexpr std::string_view kBetas =
    "anthropic_beta";  // Anthropic's provider reads it, Bedrock takes it

// Converse has a place of its own for the operator's words, wherever they stand, as LiteLLM has it.
void put_system_first(json::object& client) {
    auto* messages = find(client, "messages");
    auto* list = messages ? messages->if_array() : nullptr;
    if (!list) return;
    std::stable_partition(list->begin(), list->end(), [](const json::value& value) {
        const auto* message = value.if_object();
        const auto role = message ? text(*message, "role") : std::string_view();
        return role == "system" || role == "developer";
    });
}

// Media become blocks of Converse's before the messages become turns.
Result<void> convert_media(json::object& client, Media& media) {
    auto* messages = find(client, "messages");
    auto* list = messages ? messages->if_array() : nullptr;
    if (!list) return {};
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto* message = (*list)[i].if_object();
        auto* content = message ? find(*message, "content") : nullptr;
        auto* parts = content ? content->if_array() : nullptr;
        for (std::size_t j = 0; parts && j < parts->size(); ++j) {
            auto* part = (*parts)[j].if_object();
            if (!part) continue;
            auto block = media.block_of(
                *part, "messages[" + std::to_string(i) + "].content[" + std::to_string(j) + "]");
            if (!block) return block.error();
            if (block->is_null()) continue;
            json::object own{{"type", kOwnBlock}, {"block", std::move(*block)}};
            if (const auto* mark = find(*part, "cache_control")) own["cache_control"] = *mark;
            *part = std::move(own);
        }
    }
    return {};
}

bool has_a_turn(const json::object& client) {
    const auto* messages = find_array(client, "messages");
    return !messages || std::any_of(messages->begin(), messages->end(), [](const json::value& one) {
        const auto role = text(one.if_object(), "role");
        return role != "system" && role != "developer";
    });
}

// Bedrock refuses a document without words beside it ("ContentBlock": document).
void put_words_beside_documents(json::array& blocks) {
    const auto has = [&](std::string_view kind) {
        return std::any_of(blocks.begin(), blocks.end(), [&](const json::value& block) {
            return block.get_object().contains(kind);
        });
    };
    if (has("document") && !has("text")) {
        blocks.emplace_back(json::object{{"text", kNoWords}});
    }
}

Result<void> write_conversation(json::object& body, BlockContext& context, json::object& converse) {
    json::array messages;
    for (auto& value : body["messages"].get_array()) {
        auto& turn = value.get_object();
        auto blocks = converse_blocks(std::move(turn["content"].get_array()), context);
        if (!blocks) return blocks.error();
        if (blocks->empty()) continue;
        put_words_beside_documents(*blocks);
        messages.emplace_back(
            json::object{{"role", turn["role"]}, {"content", std::move(*blocks)}});
    }
    converse["messages"] = std::move(messages);
    auto* system = find(body, "system");
    if (!system) return {};
    auto written = converse_blocks(std::move(system->get_array()), context);
    if (!written) return written.error();
    converse["system"] = std::move(*written);
    return {};
}

void mark_last(const json::value& mark, json::object& body) {
    auto& messages = body["messages"].get_array();
    if (messages.empty()) return;
    auto& blocks = messages.back().get_object()["content"].get_array();
    if (!blocks.empty()) blocks.back().get_object().insert({{"cache_control", mark}});
}

// With a guardrail what the user says last is what it judges, unless the client marks what it is to
// judge: LiteLLM's reading of a guardrailConfig.
void mark_guarded(json::object& converse) {
    auto& messages = converse["messages"].get_array();
    const auto is_marked = [](const json::value& block) {
        return block.get_object().contains("guardContent");
    };
    json::array* last = nullptr;
    for (auto& value : messages) {
        auto& turn = value.get_object();
        auto& blocks = turn["content"].get_array();
        if (std::any_of(blocks.begin(), blocks.end(), is_marked)) return;
        if (text(turn, "role") == "user") last = &blocks;
    }
    if (!last) return;
    for (auto& block : *last) {
        auto* words = block.get_object().if_contains("text");
        if (!words) continue;
        json::object said{{"text", std::move(*words)}};
        block = json::object{{"guardContent", {{"text", std::move(said)}}}};
    }
}

Result<json::object> inference_config(const json::object& client,
                                      const anthropic::Thinking& thinking) {
    struct Number {
        std::string_view from;
        std::string_view to;
    };
    // The later of two with one name upstream wins.
    constexpr std::array kNumbers{Number{"temperature", "temperature"}, Number{"top_p", "topP"},
                                  Number{"max_tokens", "maxTokens"},
                                  Number{"max_completion_tokens", "maxTokens"}};
    json::object config;
    for (const auto& [from, to] : kNumbers) {
        const auto* value = find(client, from);
        if (!value) continue;
        if (!is_number(*value)) return bad_request(std::string(from), "must be a number");
        config[to] = *value;
    }
    if (thinking.budget > 0) config.insert({{"maxTokens", thinking.budget + kRoom}});
    if (const auto* stop = find(client, "stop")) {
        auto sequences = anthropic::translate_stop(*stop);
        if (!sequences) return sequences.error();
        if (!sequences->empty()) config["stopSequences"] = std::move(*sequences);
    }
    return config;
}

// What only some models have.
void write_thinking(const json::object& client, const Family& family, const Settled& settled,
                    json::object& fields, json::object& converse) {
    const auto effort = asked_effort(client);
    const bool thinks = !effort.empty() && effort != "none";
    if (family.thinks == Thinks::effort && thinks) fields["reasoning_effort"] = effort;
    if (family.thinks == Thinks::nova && !effort.empty()) {
        fields["reasoningConfig"] =
            effort == "none" ? json::object{{"type", "disabled"}}
                             : json::object{{"type", "enabled"}, {"maxReasoningEffort", effort}};
    }
    if (!family.claude()) return;
    if (!settled.thinking.effort.empty()) {
        auto& config = fields["output_config"];
        if (!config.is_object()) config = json::object();
        config.get_object().insert({{"effort", settled.thinking.effort}});
    }
    if (settled.thinking.setting.empty()) return;
    fields["thinking"] = settled.thinking.setting;
    auto& paths = converse["additionalModelResponseFieldPaths"];
    if (!paths.is_array()) paths = json::array();
    paths.get_array().emplace_back(kThinkingTokens);
}

json::object fields_of(const json::object& client, const RequestOptions& options,
                       const anthropic::Betas& betas) {
    json::object fields;
    const auto add = [&](const json::object& from, bool all) {
        for (const auto& [name, value] : from) {
            const bool known = is_among(std::string_view(name), kRead) ||
                               is_among(std::string_view(name), kOwnMembers) ||
                               (anthropic::is_translated(name) && name != kBetas);
            if (value.is_null() || anthropic::is_gateway_own(name)) continue;
            if (all || !known || bay::list_has(options.allowed_params, name)) fields[name] = value;
        }
    };
    add(client, false);
    for (const std::string_view name : {"extra_body", "additionalModelRequestFields"}) {
        if (const auto* more = find_object(client, name)) add(*more, true);
    }
    if (const auto* top_k = find(client, "top_k")) {
        if (options.model->family->top_k == TopK::nova) {
            fields["inferenceConfig"] = json::object{{"topK", *top_k}};
        } else {
            fields["top_k"] = *top_k;
        }
    }
    if (!betas.names().empty()) {
        auto& named = fields[kBetas];
        if (!named.is_array()) named = json::array();
        auto& list = named.get_array();
        for (const auto& beta : betas.names()) {
            const json::value name(beta);
            if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
        }
    }
    return fields;
}

Result<anthropic::JsonTool> json_tool_of(const json::object& client) {
    const auto* format = find(client, "response_format");
    return format ? anthropic::json_tool(*format)
                  : Result<anthropic::JsonTool>(anthropic::JsonTool{});
}

}  // namespace

Result<Call> translate_request(std::string_view client_json, const RequestOptions& options) {
    auto parsed = parse_json(client_json);
    if (!parsed || !parsed->is_object()) return bad_request("body", "must be a JSON object");
    auto& client = parsed->get_object();
    if (options.cache_points) anthropic::inject_cache_marks(*options.cache_points, client);
    auto settled = settle_parameters(client, options);
    if (!settled) return settled.error();
    if (!has_a_turn(client)) {
        return bad_request("messages", "Bedrock needs a message that is not the system's");
    }
    Media media;
    if (auto converted = convert_media(client, media); !converted) return converted.error();
    put_system_first(client);

    Call call;
    call.dropped = std::move(settled->dropped);
    const auto& family = *options.model->family;
    const bool thinks = settled->thinking.on;
    const bool prefill =
        family.claude() && anthropic::traits_of(options.model->name).prefill && !thinks;
    anthropic::Betas betas;
    auto conversation = anthropic::translate_messages(find(client, "messages"), prefill, betas);
    if (!conversation) return conversation.error();
    json::object body{{"messages", std::move(conversation->messages)}};
    if (!conversation->system.empty()) body["system"] = std::move(conversation->system);
    call.prefix = std::move(conversation->prefix);
    // Without those of Anthropic's own files, which are not there.
    betas = family.claude() ? options.betas : anthropic::Betas();
    auto tools = set_tools(client, family, conversation->has_tool_blocks, body, betas);
    if (!tools) return tools.error();

    json::object converse;
    auto json = json_tool_of(client);
    if (!json) return json.error();
    call.json_mode = json->mode;
    const bool asked = json->mode != JsonMode::off;
    call.tool_names = anthropic::ToolNames::rename(
        body, asked ? anthropic::kJsonToolName : std::string_view(), kLongestToolName);
    // A schema goes by outputConfig, or by a tool of ours that the model is made to call. An answer
    // whose beginning is given cannot be of a schema.
    const bool formed = json->mode == JsonMode::plain && call.prefix.empty() &&
                        has_output_form(*options.model) &&
                        apply_output_form(client.at("response_format"), converse);
    if (formed) call.json_mode = JsonMode::native;
    if (asked && !formed) {
        json->tool["description"] = anthropic::kJsonToolName;  // as LiteLLM describes it
        anthropic::apply_json_tool(std::move(*json), thinks, body);
    }
    // Of the whole request: cached up to its end.
    if (const auto* mark = find(client, "cache_control")) mark_last(*mark, body);
    anthropic::limit_cache_marks(body);

    BlockContext context{*options.model, media};
    if (auto written = write_conversation(body, context, converse); !written) {
        return written.error();
    }
    auto config = inference_config(client, settled->thinking);
    if (!config) return config.error();
    converse["inferenceConfig"] = std::move(*config);
    auto fields = fields_of(client, options, betas);
    for (const auto name : kOwnMembers) {
        if (const auto* value = find(client, name)) converse[name] = *value;
    }
    if (const auto tier = text(client, "service_tier"); !tier.empty()) {
        converse["serviceTier"] = json::object{{"type", tier}};
    }
    write_tools(body, *options.model, converse, fields);
    write_thinking(client, family, *settled, fields, converse);
    if (find(client, "guardrailConfig")) mark_guarded(converse);
    if (!fields.empty()) converse["additionalModelRequestFields"] = std::move(fields);
    call.tools = converse.contains("toolConfig");
    call.body = to_text(json::value(std::move(converse)));
    return call;
}

}  // namespace patchbay::bedrock
