// The facts that a worker notes (engine/call/call_log.cpp) have the names that they get here; times are
// seconds since 1970.
#include "engine/records/payload.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "contract/shape/shape.hpp"
#include "engine/records/hide_secrets.hpp"
#include "engine/records/requester.hpp"
#include "engine/surface/model_params.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

constexpr std::string_view kRedacted = "redacted-by-litellm";
constexpr std::size_t kMaxInline = 1024;  ///< of base64 data in a link

/// The tree of a text, in UTF-8; of one that cannot be read the words that say so.
json::value parsed(std::string_view text, const char* what, Unread& unread) {
    json_tree::Tree tree = json_tree::read(text);
    if (!tree) {
        unread.push_back(std::string(what) + ": " + tree.error());
        return json::string("litellm_truncated: the " + unread.back());
    }
    json_tree::make_utf8(tree.value);
    return std::move(tree.value);
}

/// LiteLLM cuts inline data of images and files: a log is no place for them.
void cut_inline_data(json::value& value) {
    if (auto* text = value.if_string()) {
        const std::string_view view(text->data(), text->size());
        const std::size_t comma = view.substr(0, 256).find(";base64,");
        if (!view.starts_with("data:") || comma == std::string_view::npos) return;
        if (view.size() - comma <= kMaxInline) return;
        const std::size_t kept = comma + 8 + 64;
        const std::string cut = std::string(view.substr(0, kept)) + "... (litellm_truncated " +
                                std::to_string(view.size() - kept) + " chars)";
        value = cut;
    } else if (auto* array = value.if_array()) {
        for (json::value& item : *array) cut_inline_data(item);
    } else if (auto* object = value.if_object()) {
        for (auto& member : *object) cut_inline_data(member.value());
    }
}

const json::value& fact(const json::object& facts, std::string_view name) {
    static const json::value none(nullptr);
    const auto* value = facts.if_contains(name);
    return value ? *value : none;
}

/// The member that holds what is asked, which LiteLLM has as `messages` whatever its name; empty if
/// there is none.
std::string_view asked_member(const json::object& request) {
    for (const std::string_view name : {"messages", "contents", "prompt", "input"}) {
        if (!fact(request, name).is_null()) return name;
    }
    return {};
}

/// Of what the client sent only parameters that are known: everything else may be anything. Not
/// those that were taken out before the request left, nor what is asked.
json::object model_parameters(const json::object& request, const json::object& facts) {
    const auto in = [](const json::value& list, std::string_view name) {
        const auto* names = list.if_array();
        return names && std::find(names->begin(), names->end(), json::value(name)) != names->end();
    };
    const json::value& dropped = fact(request, "additional_drop_params");
    const std::string_view asked = asked_member(request);
    json::object parameters;
    for (const auto& member : request) {
        if (!is_model_param(member.key()) || member.key() == asked || in(dropped, member.key()) ||
            in(fact(facts, "dropped_params"), member.key())) {
            continue;
        }
        json::value& value = parameters[member.key()] = member.value();
        hide_secrets(value, true);
    }
    return parameters;
}

void add_request(json::object& payload, json::object& metadata, const CallEntry& entry,
                 Unread& unread) {
    json::value document =
        entry.request.empty() ? json::value() : parsed(entry.request, "request", unread);
    cut_inline_data(document);
    static const json::array no_headers;
    const auto* headers = fact(entry.facts, "headers").if_array();
    const auto* request = document.if_object();
    Requester said = read_requester(request, headers ? *headers : no_headers);
    if (request) {
        payload["messages"] = fact(*request, asked_member(*request));
        hide_link_secrets(payload["messages"]);
        payload["model_parameters"] = model_parameters(*request, entry.facts);
    } else {
        payload["messages"] = std::move(document);
        payload["model_parameters"] = json::object();
    }
    if (fact(entry.facts, "messages_left_out") == json::value(true)) {
        payload["messages"] = "litellm_truncated: request too large";
    }
    if (!said.trace_id.is_null()) payload["trace_id"] = std::move(said.trace_id);
    // A header that the operator named says who it is before all others; tags of the key follow the request's.
    if (const auto& named = fact(entry.facts, "end_user"); named.is_string()) said.end_user = named;
    if (const auto* of_key = fact(entry.facts, "key_tags").if_array()) {
        for (const json::value& tag : *of_key) {
            const bool there =
                std::find(said.tags.begin(), said.tags.end(), tag) != said.tags.end();
            if (!there && said.tags.size() < kMaxTags) said.tags.push_back(tag);
        }
    }
    payload["request_tags"] = std::move(said.tags);
    payload["end_user"] = said.end_user;
    metadata["user_api_key_end_user_id"] = std::move(said.end_user);
    metadata["spend_logs_metadata"] = std::move(said.spend_logs_metadata);
    if (!said.metadata.empty()) metadata["requester_metadata"] = std::move(said.metadata);
    if (!said.ignored.empty()) metadata["ignored_labels"] = std::move(said.ignored);
}

void redact_answer(json::value& answer) {
    // Vectors tell the texts that they stand for.
    auto* vectors = answer.is_object() ? answer.get_object().if_contains("data") : nullptr;
    if (vectors && vectors->is_array()) {
        *vectors = json::array();
        return;
    }
    auto* choices = answer.is_object() ? answer.get_object().if_contains("choices") : nullptr;
    if (!choices || !choices->is_array()) {
        answer = json::object{{"text", kRedacted}};
        return;
    }
    for (json::value& item : choices->get_array()) {
        auto* choice = item.if_object();
        if (!choice) continue;
        choice->erase("logprobs");
        auto* message = choice->if_contains("message");
        if (!message || !message->is_object()) continue;
        const json::value role = fact(message->get_object(), "role");
        json::object kept{{"role", role}, {"content", kRedacted}};
        if (message->get_object().contains("reasoning_content")) {
            kept["reasoning_content"] = kRedacted;
        }
        if (message->get_object().contains("thinking_blocks")) kept["thinking_blocks"] = nullptr;
        *message = std::move(kept);
    }
}

void redact_messages(json::object& payload) {
    json::array messages;
    messages.push_back(json::object{{"role", "user"}, {"content", kRedacted}});
    payload["messages"] = std::move(messages);
    if (auto* response = payload.if_contains("response"); response && !response->is_null()) {
        redact_answer(*response);
    }
    auto* parameters = payload.if_contains("model_parameters");
    if (parameters && parameters->is_object()) {
        for (const std::string_view name :
             {"tools", "functions", "prompt", "suffix", "prediction", "input", "instructions",
              "system", "system_instruction", "systemInstruction"}) {
            parameters->get_object().erase(name);
        }
    }
    // Guardrails quote what they found.
    auto* guardrails = payload.if_contains("guardrail_information");
    if (!guardrails || !guardrails->is_array()) return;
    for (json::value& item : guardrails->get_array()) {
        if (item.is_object()) item.get_object().erase("guardrail_response");
    }
}

}  // namespace

json::object rebuilt(const json::object& facts, std::string_view stream, Unread& unread) {
    const json::value& shape = fact(facts, "answer_shape");
    if (shape == json::value(kMessageShape.name)) return rebuilt_message(stream, unread);
    if (shape == json::value(kResponseShape.name)) return rebuilt_response(stream, unread);
    return rebuilt_answer(stream, unread);
}

json::object make_payload(const CallEntry& entry, Unread& unread) {
    const json::object& facts = entry.facts;
    json::object payload;
    json::object metadata;
    for (const std::string_view name : {"id",
                                        "call_type",
                                        "stream",
                                        "status",
                                        "model",
                                        "model_id",
                                        "model_group",
                                        "api_base",
                                        "custom_llm_provider",
                                        "startTime",
                                        "endTime",
                                        "completionStartTime",
                                        "response_time",
                                        "total_tokens",
                                        "prompt_tokens",
                                        "completion_tokens",
                                        "requester_ip_address",
                                        "user_agent",
                                        "error_str",
                                        "error_information",
                                        "guardrail_information"}) {
        payload[name] = fact(facts, name);
    }
    payload["trace_id"] = fact(facts, "id");
    payload["response_cost"] = fact(facts, "response_cost");
    payload["cost_breakdown"] = fact(facts, "cost_breakdown");
    payload["cache_hit"] = fact(facts, "cache_hit");
    payload["cache_key"] = fact(facts, "cache_key");
    const json::value& saved = fact(facts, "saved_cache_cost");
    payload["saved_cache_cost"] = saved.is_null() ? json::value(0.0) : saved;
    payload["end_user"] = nullptr;
    add_request(payload, metadata, entry, unread);

    json::value response(nullptr);
    const bool stream = fact(facts, "stream").is_bool() && fact(facts, "stream").get_bool();
    if (!entry.answer.empty()) {
        const bool chunks = stream && !facts.contains("rebuilt");
        response = chunks ? json::value(rebuilt(facts, entry.answer, unread))
                          : parsed(entry.answer, "answer", unread);
        cut_inline_data(response);
        hide_link_secrets(response);
    }
    payload["response"] = std::move(response);

    for (const std::string_view name :
         {"user_api_key_hash", "user_api_key_alias", "user_api_key_user_id", "user_api_key_team_id",
          "user_api_key_request_route", "requester_ip_address", "user_agent", "applied_guardrails",
          "usage_object", "usage_estimated", "cost_unpriced", "attempts"}) {
        metadata[name] = fact(facts, name);
    }
    payload["metadata"] = std::move(metadata);
    payload["hidden_params"] = json::object{
        {"model_id", fact(facts, "model_id")},
        {"api_base", fact(facts, "api_base")},
        {"cache_key", fact(facts, "cache_key")},
        {"litellm_model_name", fact(facts, "model")},
        {"response_cost", fact(facts, "response_cost")},
        {"litellm_overhead_time_ms", fact(facts, "litellm_overhead_time_ms")},
        {"usage_object", fact(facts, "usage_object")},
        {"additional_headers", fact(facts, "provider_notes")},
    };
    return payload;
}

LogRecord make_record(const CallEntry& entry, const json::object& payload,
                      const RecordPrivacy& privacy) {
    const json::value& wish = fact(entry.facts, "redact");
    const bool redact = wish.is_bool() ? wish.get_bool() : privacy.redact_messages;
    LogRecord record;
    const json::value& id = fact(entry.facts, "id");
    if (id.is_string()) record.id = std::string(id.get_string());
    const json::value& end = fact(entry.facts, "endTime");
    if (end.is_number()) record.unix_ms = static_cast<std::int64_t>(end.to_number<double>() * 1000);
    record.failed = fact(entry.facts, "status") != json::value("success");
    if (!redact && !privacy.redact_key_info && privacy.excluded_fields.empty()) {
        record.json = json_tree::write(payload);
        return record;
    }
    json::object shown = payload;
    if (redact) redact_messages(shown);
    auto* metadata = shown.if_contains("metadata");
    if (metadata && metadata->is_object()) {
        if (privacy.redact_key_info) {
            std::vector<std::string> names;
            for (const auto& member : metadata->get_object()) {
                if (member.key().starts_with("user_api_key")) names.emplace_back(member.key());
            }
            for (const std::string& name : names) metadata->get_object().erase(name);
        }
        if (redact) metadata->get_object().erase("requester_metadata");
    }
    for (const std::string& name : privacy.excluded_fields) shown.erase(name);
    record.json = json_tree::write(shown);
    return record;
}

}  // namespace patchbay
