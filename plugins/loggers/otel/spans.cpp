#include "spans.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "attributes.hpp"
#include "messages.hpp"
#include "shared/ids.hpp"
#include "shared/times.hpp"

namespace patchbay::otel {

namespace json = boost::json;
using sink::member;
using sink::text;

namespace {

constexpr int kKindInternal = 1;
constexpr int kKindClient = 3;
constexpr int kStatusError = 2;

// A trace id of OpenTelemetry's is kept: 32 lower-case hexadecimal digits, not all zero.
std::string trace_id(const sink::Record& record) {
    const std::string_view given = text(record.payload, "trace_id");
    const bool digits = given.size() == 32 && std::all_of(given.begin(), given.end(), [](char c) {
                            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                        });
    if (digits && given.find_first_not_of('0') != std::string_view::npos) return std::string(given);
    return sink::hex_of(given.empty() ? std::string_view(record.id) : given, 16);
}

// gen_ai.operation.name has names of its own for what LiteLLM calls call_type.
std::string operation_of(const json::object& payload) {
    static constexpr auto kNames = std::to_array<std::pair<std::string_view, const char*>>(
        {{"", "chat"},
         {"completion", "chat"},
         {"acompletion", "chat"},
         {"responses", "chat"},
         {"aresponses", "chat"},
         {"text_completion", "text_completion"},
         {"atext_completion", "text_completion"},
         {"embedding", "embeddings"},
         {"aembedding", "embeddings"}});
    const std::string_view type = text(payload, "call_type");
    const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                           [&](const auto& one) { return one.first == type; });
    return found == kNames.end() ? std::string(type) : found->second;
}

void add_request(Attributes& attributes, const json::object& payload) {
    static constexpr auto kParameters = std::to_array<std::pair<const char*, const char*>>(
        {{"temperature", "gen_ai.request.temperature"},
         {"top_p", "gen_ai.request.top_p"},
         {"top_k", "gen_ai.request.top_k"},
         {"max_tokens", "gen_ai.request.max_tokens"},
         {"max_completion_tokens", "gen_ai.request.max_tokens"},
         {"frequency_penalty", "gen_ai.request.frequency_penalty"},
         {"presence_penalty", "gen_ai.request.presence_penalty"},
         {"seed", "gen_ai.request.seed"},
         {"n", "gen_ai.request.choice.count"}});
    const json::value& parameters = member(payload, "model_parameters");
    bool max_tokens = false;
    for (const auto& [name, key] : kParameters) {
        const json::value& value = member(parameters, name);
        if (!value.is_number()) continue;
        const bool limit = std::string_view(key) == "gen_ai.request.max_tokens";
        if (limit && std::exchange(max_tokens, true)) continue;
        attributes.any(key, value);
    }
    const json::value& stop = member(parameters, "stop");
    if (const auto* list = stop.if_array()) {
        attributes.texts("gen_ai.request.stop_sequences", *list);
    } else if (stop.is_string()) {
        attributes.texts("gen_ai.request.stop_sequences", json::array{stop});
    }
    attributes.json("gen_ai.tool.definitions", member(parameters, "tools"));
    attributes.any("llm.is_streaming", member(payload, "stream"));
    attributes.any("llm.user", member(payload, "end_user"));
}

void add_usage(Attributes& attributes, const json::object& payload) {
    const auto tokens = [&](const char* key, const json::value& count) {
        const auto* whole = count.if_int64();
        if (whole && *whole >= 0) attributes.integer(key, *whole);
    };
    tokens("gen_ai.usage.input_tokens", member(payload, "prompt_tokens"));
    tokens("gen_ai.usage.output_tokens", member(payload, "completion_tokens"));
    tokens("gen_ai.usage.total_tokens", member(payload, "total_tokens"));
    const json::value& usage = member(member(payload, "metadata"), "usage_object");
    tokens("gen_ai.usage.cache_read.input_tokens",
           member(member(usage, "prompt_tokens_details"), "cached_tokens"));
}

void add_response(Attributes& attributes, const json::object& payload) {
    const json::value& response = member(payload, "response");
    attributes.any("gen_ai.response.id", member(response, "id"));
    attributes.any("gen_ai.response.model", member(response, "model"));
    json::array reasons;
    if (const auto* choices = member(response, "choices").if_array()) {
        for (const json::value& choice : *choices) {
            reasons.push_back(member(choice, "finish_reason"));
        }
    }
    attributes.texts("gen_ai.response.finish_reasons", reasons);
    const json::array messages = output_messages(response);
    if (!messages.empty()) attributes.json("gen_ai.output.messages", messages);
}

void add_caller(Attributes& attributes, const json::object& payload) {
    if (const auto* metadata = member(payload, "metadata").if_object()) {
        for (const auto& one : *metadata) {
            if (one.key() == "usage_object") continue;
            attributes.any("metadata." + std::string(one.key()), one.value());
        }
    }
    attributes.json("hidden_params", member(payload, "hidden_params"));
    if (const auto* tags = member(payload, "request_tags").if_array()) {
        attributes.texts("metadata.request_tags", *tags);
    }
}

// Host and port of "https://host:port/path".
void add_server(Attributes& attributes, std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return;
    std::string_view host = url.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    std::int64_t port = url.starts_with("https") ? 443 : 80;
    const std::size_t colon = host.rfind(':');
    if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
        std::int64_t given = 0;
        for (const char c : host.substr(colon + 1)) {
            given = c >= '0' && c <= '9' ? std::min<std::int64_t>(given * 10 + (c - '0'), 65536)
                                         : 65536;
        }
        if (given > 0 && given < 65536) port = given;
        host = host.substr(0, colon);
    }
    attributes.text("server.address", host);
    attributes.integer("server.port", port);
}

json::object call_span(const sink::Record& record, const std::string& trace,
                       const std::string& span) {
    const json::object& payload = record.payload;
    const std::string operation = operation_of(payload);
    const std::string model = sink::model_of(payload);
    Attributes attributes;
    attributes.text("gen_ai.operation.name", operation);
    attributes.text("gen_ai.provider.name", text(payload, "custom_llm_provider"));
    attributes.text("gen_ai.system", text(payload, "custom_llm_provider"));
    attributes.text("gen_ai.request.model", model);
    attributes.text("gen_ai.request.id", record.id);
    add_server(attributes, text(payload, "api_base"));
    add_request(attributes, payload);
    add_usage(attributes, payload);
    add_response(attributes, payload);
    const json::array messages = input_messages(member(payload, "messages"));
    if (!messages.empty()) attributes.json("gen_ai.input.messages", messages);
    if (const auto cost = sink::number(payload, "response_cost"); cost && *cost > 0) {
        attributes.any("gen_ai.cost.total_cost", *cost);
    }
    add_caller(attributes, payload);

    json::object made{{"traceId", trace},
                      {"spanId", span},
                      {"name", model.empty() ? operation : operation + " " + model},
                      {"kind", kKindClient},
                      {"startTimeUnixNano", sink::unix_nanos(record.started)},
                      {"endTimeUnixNano", sink::unix_nanos(record.ended)}};
    if (record.failed) {
        const auto type = text(member(payload, "error_information"), "error_class");
        attributes.text("error.type", type.empty() ? "_OTHER" : type);
        made["status"] =
            json::object{{"code", kStatusError}, {"message", sink::error_text(payload)}};
    }
    if (const auto first = sink::number(payload, "completionStartTime")) {
        made["events"] = json::array{json::object{{"name", "gen_ai.first_token"},
                                                  {"timeUnixNano", sink::unix_nanos(*first)}}};
    }
    made["attributes"] = attributes.take();
    return made;
}

json::object guardrail_span(const sink::Record& record, const json::object& ran,
                            const std::string& trace, const std::string& parent,
                            std::size_t number) {
    Attributes attributes;
    for (const auto& one : ran) {
        if (one.key() == "start_time" || one.key() == "end_time") continue;
        attributes.any(one.key(), one.value());
    }
    const double started = sink::number(ran, "start_time").value_or(record.started);
    const double ended = std::max(started, sink::number(ran, "end_time").value_or(started));
    return {{"traceId", trace},
            {"spanId", sink::hex_of(record.id + "-guardrail-" + std::to_string(number), 8)},
            {"parentSpanId", parent},
            {"name", "guardrail"},
            {"kind", kKindInternal},
            {"startTimeUnixNano", sink::unix_nanos(started)},
            {"endTimeUnixNano", sink::unix_nanos(ended)},
            {"attributes", attributes.take()}};
}

}  // namespace

std::vector<json::object> spans_of(const sink::Record& record) {
    const std::string trace = trace_id(record);
    const std::string span = sink::hex_of(record.id, 8);
    std::vector<json::object> spans;
    spans.push_back(call_span(record, trace, span));
    const auto* ran = member(record.payload, "guardrail_information").if_array();
    for (std::size_t i = 0; ran && i < ran->size(); ++i) {
        const auto* one = (*ran)[i].if_object();
        if (one) spans.push_back(guardrail_span(record, *one, trace, span, i));
    }
    return spans;
}

}  // namespace patchbay::otel
