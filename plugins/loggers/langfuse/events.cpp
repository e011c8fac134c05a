// The client may set, in the request's metadata: trace_id, existing_trace_id, update_trace_keys,
// trace_name, trace_user_id, trace_version, trace_release, trace_metadata, session_id,
// generation_name, generation_id, parent_observation_id, version, mask_input, mask_output, prompt.
#include "events.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "patchbay/json_tree.hpp"
#include "shared/times.hpp"

namespace patchbay::langfuse {

namespace json = boost::json;
using sink::member;
using sink::text;

namespace {

constexpr std::string_view kMasked = "redacted-by-litellm";

// What Langfuse has members of its own for.
constexpr auto kOwnMembers = std::to_array<std::string_view>(
    {"trace_id", "existing_trace_id", "update_trace_keys", "trace_name", "trace_user_id",
     "trace_version", "trace_release", "trace_metadata", "session_id", "generation_name",
     "generation_id", "parent_observation_id", "version", "mask_input", "mask_output", "tags",
     "prompt"});

json::value text_or(std::string_view first, const json::value& otherwise) {
    return first.empty() ? otherwise : json::value(first);
}

bool is_true(const json::object& object, std::string_view name) {
    const json::value& value = member(object, name);
    return value.is_bool() && value.get_bool();
}

json::value input_of(const json::object& payload) {
    json::object input{{"messages", member(payload, "messages")}};
    for (const char* name : {"tools", "functions"}) {
        const json::value& value = member(member(payload, "model_parameters"), name);
        if (!value.is_null()) input[name] = value;
    }
    return input;
}

// Langfuse takes texts, numbers, booleans and lists of texts.
json::object parameters_of(const json::object& payload) {
    json::object parameters;
    const auto* given = member(payload, "model_parameters").if_object();
    if (!given) return parameters;
    for (const auto& one : *given) {
        if (one.key() == "tools" || one.key() == "functions") continue;
        const json::value& value = one.value();
        const auto* list = value.if_array();
        const bool texts = list && std::all_of(list->begin(), list->end(),
                                               [](const auto& item) { return item.is_string(); });
        const bool nested =
            (value.is_object() && !json_tree::is_number_text(value)) || (list && !texts);
        parameters[one.key()] = nested ? json::value(json_tree::write(value)) : value;
    }
    return parameters;
}

std::int64_t tokens(const json::object& usage, std::string_view name) {
    const double count = sink::number(usage, name).value_or(0);
    return count > 0 && count < 1e15 ? std::llround(count) : 0;
}

const json::object& object_in(const json::value& value, std::string_view name) {
    static const json::object empty;
    const auto* object = member(value, name).if_object();
    return object ? *object : empty;
}

// Langfuse prices each kind by itself, so tokens that were read from or written to a cache are not
// counted as input once more.
json::object usage_details(const json::object& payload) {
    const json::object& usage = object_in(member(payload, "metadata"), "usage_object");
    const json::object& prompt =
        object_in(member(member(payload, "metadata"), "usage_object"), "prompt_tokens_details");
    const std::int64_t read =
        std::max(tokens(usage, "cache_read_input_tokens"), tokens(prompt, "cached_tokens"));
    const std::int64_t written = std::max(tokens(usage, "cache_creation_input_tokens"),
                                          tokens(prompt, "cache_creation_tokens"));
    const std::int64_t input = tokens(payload, "prompt_tokens");
    json::object details{{"input", std::max<std::int64_t>(input - read - written, 0)},
                         {"output", tokens(payload, "completion_tokens")},
                         {"total", tokens(payload, "total_tokens")}};
    if (read > 0) details["cache_read_input_tokens"] = read;
    if (written > 0) details["cache_creation_input_tokens"] = written;
    return details;
}

json::object metadata_of(const sink::Record& record) {
    json::object metadata;
    const auto& given = sink::requester_metadata(record.payload);
    for (const auto& one : given) {
        const bool own = std::find(kOwnMembers.begin(), kOwnMembers.end(),
                                   std::string_view(one.key())) != kOwnMembers.end();
        if (!own) metadata[one.key()] = one.value();
    }
    metadata["litellm_call_id"] = record.id;
    for (const char* name :
         {"call_type", "stream", "custom_llm_provider", "model_group", "model_id", "api_base",
          "cache_hit", "hidden_params", "error_information"}) {
        const json::value& value = member(record.payload, name);
        if (!value.is_null()) metadata[name] = value;
    }
    if (const auto cost = sink::number(record.payload, "response_cost"); cost && *cost > 0) {
        metadata["litellm_response_cost"] = *cost;
    }
    if (const auto* caller = member(record.payload, "metadata").if_object()) {
        for (const auto& one : *caller) {
            if (one.key() == "requester_metadata" || one.value().is_null()) continue;
            metadata[one.key()] = one.value();
        }
    }
    return metadata;
}

// A value in a tag, as LiteLLM's Python writes it; empty: it says nothing.
std::string tag_text(const json::value& value) {
    if (value.is_null()) return {};
    if (value.is_bool()) return value.get_bool() ? "True" : "False";
    if (value.is_string()) return std::string(value.get_string());
    return json_tree::write(value);
}

json::array tags_of(const json::object& payload, const DefaultTags& defaults) {
    json::array tags;
    if (const auto* given = member(payload, "request_tags").if_array()) {
        for (const json::value& tag : *given) {
            if (tag.is_string()) tags.push_back(tag);
        }
    }
    for (const std::string& name : defaults.names) {
        std::string value = tag_text(member(member(payload, "metadata"), name));
        if (name == "cache_hit" || name == "cache_key") value = tag_text(member(payload, name));
        if (name == "proxy_base_url") value = defaults.proxy_base_url;
        if (!value.empty()) tags.emplace_back(name + ":" + value);
    }
    return tags;
}

// What of one record goes into several events.
struct Parts {
    const sink::Record& record;
    const json::object& wishes;
    const DefaultTags& tags;
    std::string trace_id;
    std::string generation_id;
    json::value input;
    json::value output;

    json::object event(std::string_view type, std::string_view suffix, json::object body) const {
        std::string id = record.id;
        (id += '-') += suffix;
        return {{"id", std::move(id)},
                {"timestamp", sink::iso8601(record.ended)},
                {"type", type},
                {"body", sink::without_nulls(body)}};
    }
    std::string call_name() const {
        return "litellm-" + std::string(text(record.payload, "call_type"));
    }
};

json::object trace(const Parts& parts) {
    const json::object& payload = parts.record.payload;
    const json::object& wishes = parts.wishes;
    json::object body{
        {"id", parts.trace_id},
        {"timestamp", sink::iso8601(parts.record.started)},
        {"name", text_or(text(wishes, "trace_name"), json::value(parts.call_name()))},
        {"userId", text_or(text(wishes, "trace_user_id"), member(payload, "end_user"))},
        {"sessionId", text_or(text(wishes, "session_id"), nullptr)},
        {"version", text_or(text(wishes, "trace_version"), member(wishes, "version"))},
        {"release", text_or(text(wishes, "trace_release"), nullptr)},
        {"metadata", member(wishes, "trace_metadata")},
        {"input", parts.input},
        {"output", parts.output}};
    if (!body["version"].is_string()) body["version"] = nullptr;
    body["tags"] = tags_of(payload, parts.tags);
    if (text(wishes, "existing_trace_id").empty()) return body;

    // A trace that is there already keeps what the client does not name.
    json::object kept{{"id", parts.trace_id}};
    if (const auto* keys = member(wishes, "update_trace_keys").if_array()) {
        for (const json::value& key : *keys) {
            if (!key.is_string()) continue;
            std::string_view name = key.get_string();
            if (name.starts_with("trace_")) name.remove_prefix(6);
            if (name == "user_id") name = "userId";
            if (name == "session_id") name = "sessionId";
            if (const auto* value = body.if_contains(name)) kept[name] = *value;
        }
    }
    return kept;
}

std::string generation_name(const Parts& parts) {
    const std::string_view wish = text(parts.wishes, "generation_name");
    if (!wish.empty()) return std::string(wish);
    const auto alias = text(member(parts.record.payload, "metadata"), "user_api_key_alias");
    return alias.empty() ? parts.call_name() : "litellm:" + std::string(alias);
}

json::object generation(const Parts& parts) {
    const sink::Record& record = parts.record;
    const json::object& payload = record.payload;
    json::object body{{"id", parts.generation_id},
                      {"traceId", parts.trace_id},
                      {"name", generation_name(parts)},
                      {"startTime", sink::iso8601(record.started)},
                      {"endTime", sink::iso8601(record.ended)},
                      {"model", sink::model_of(payload)},
                      {"modelParameters", parameters_of(payload)},
                      {"input", parts.input},
                      {"output", parts.output},
                      {"usageDetails", usage_details(payload)},
                      {"level", record.failed ? "ERROR" : "DEFAULT"},
                      {"metadata", metadata_of(record)}};
    const auto optional = [&](const char* name, std::string_view wish) {
        const std::string_view value = text(parts.wishes, wish);
        if (!value.empty()) body[name] = value;
    };
    optional("parentObservationId", "parent_observation_id");
    optional("version", "version");
    if (const auto first = sink::number(payload, "completionStartTime")) {
        body["completionStartTime"] = sink::iso8601(*first);
    }
    if (const auto cost = sink::number(payload, "response_cost"); cost && *cost > 0) {
        body["costDetails"] = json::object{{"total", *cost}};
    }
    if (record.failed) body["statusMessage"] = sink::error_text(payload);
    const json::value& prompt = member(parts.wishes, "prompt");
    if (member(prompt, "version").is_int64() && !text(prompt, "name").empty()) {
        body["promptName"] = text(prompt, "name");
        body["promptVersion"] = member(prompt, "version");
    }
    return body;
}

json::object guardrail(const Parts& parts, const json::object& ran, const std::string& id) {
    json::object metadata = sink::without_nulls(ran);
    metadata.erase("guardrail_request");
    metadata.erase("guardrail_response");
    const double started = sink::number(ran, "start_time").value_or(parts.record.started);
    const bool good = text(ran, "guardrail_status") == "success";
    return {{"id", id},
            {"traceId", parts.trace_id},
            {"name", "guardrail"},
            {"startTime", sink::iso8601(started)},
            {"endTime", sink::iso8601(sink::number(ran, "end_time").value_or(started))},
            {"input", member(ran, "guardrail_request")},
            {"output", member(ran, "guardrail_response")},
            {"level", good ? "DEFAULT" : "WARNING"},
            {"metadata", std::move(metadata)}};
}

}  // namespace

std::vector<json::object> events_of(const sink::Record& record, const DefaultTags& tags) {
    const json::object& wishes = sink::requester_metadata(record.payload);
    Parts parts{record, wishes, tags, {}, {}, input_of(record.payload), nullptr};
    for (const std::string_view id :
         {text(wishes, "existing_trace_id"), text(wishes, "trace_id"),
          text(record.payload, "trace_id"), std::string_view(record.id)}) {
        if (parts.trace_id.empty()) parts.trace_id = id;
    }
    parts.generation_id = text(wishes, "generation_id");
    if (parts.generation_id.empty()) parts.generation_id = record.id + "-generation";
    parts.output = sink::output_of(record.payload);
    if (parts.output.is_null() && record.failed) parts.output = sink::error_text(record.payload);
    if (is_true(wishes, "mask_input")) parts.input = kMasked;
    if (is_true(wishes, "mask_output")) parts.output = kMasked;

    std::vector<json::object> events;
    events.push_back(parts.event("trace-create", "trace-create", trace(parts)));
    events.push_back(parts.event("generation-create", "generation-create", generation(parts)));
    const auto* ran = member(record.payload, "guardrail_information").if_array();
    for (std::size_t i = 0; ran && i < ran->size(); ++i) {
        const auto* one = (*ran)[i].if_object();
        if (!one) continue;
        const std::string suffix = "guardrail-" + std::to_string(i);
        events.push_back(
            parts.event("span-create", suffix, guardrail(parts, *one, record.id + "-" + suffix)));
    }
    return events;
}

}  // namespace patchbay::langfuse
