#include "events.hpp"

#include "shared/ids.hpp"
#include "shared/times.hpp"

namespace patchbay::lunary {

namespace json = boost::json;
using sink::member;
using sink::text;

namespace {

// Lunary shows messages: role, content, tool_calls. What is null says nothing.
json::value output_of(const json::object& payload) {
    const auto shown = [](const json::value& value) {
        const auto* object = value.if_object();
        return object ? json::value(sink::without_nulls(*object)) : value;
    };
    json::value output = sink::output_of(payload);
    if (auto* messages = output.if_array()) {
        for (json::value& message : *messages) message = shown(message);
        return output;
    }
    return shown(output);
}

json::object usage_of(const json::object& payload) {
    json::object usage{{"prompt", member(payload, "prompt_tokens")},
                       {"completion", member(payload, "completion_tokens")}};
    const json::value& object = member(member(payload, "metadata"), "usage_object");
    const json::value& cached = member(member(object, "prompt_tokens_details"), "cached_tokens");
    if (cached.is_number()) usage["promptCached"] = cached;
    return sink::without_nulls(usage);
}

json::object metadata_of(const sink::Record& record) {
    json::object metadata = sink::requester_metadata(record.payload);
    for (const char* name : {"tags", "user_props", "parent_run_id", "template_id"}) {
        metadata.erase(name);
    }
    metadata["litellm_call_id"] = record.id;
    for (const char* name : {"model_group", "custom_llm_provider", "api_base", "call_type"}) {
        metadata[name] = member(record.payload, name);
    }
    return sink::without_nulls(metadata);
}

json::array tags_of(const json::object& payload) {
    json::array tags;
    if (const auto* given = member(payload, "request_tags").if_array()) {
        for (const json::value& tag : *given) {
            if (tag.is_string()) tags.push_back(tag);
        }
    }
    return tags;
}

}  // namespace

std::string run_id(const sink::Record& record) {
    return sink::uuid_of(record.id);
}

std::vector<json::object> events_of(const sink::Record& record) {
    const json::object& payload = record.payload;
    const json::object& wishes = sink::requester_metadata(payload);
    const std::string run = run_id(record);
    const std::string_view parent = text(wishes, "parent_run_id");
    json::object start{{"type", "llm"},
                       {"event", "start"},
                       {"runId", run},
                       {"timestamp", sink::iso8601(record.started)},
                       {"name", sink::model_of(payload)},
                       {"userId", member(payload, "end_user")},
                       {"userProps", member(wishes, "user_props")},
                       {"tags", tags_of(payload)},
                       {"params", member(payload, "model_parameters")},
                       {"input", member(payload, "messages")},
                       {"metadata", metadata_of(record)},
                       {"templateId", member(wishes, "template_id")},
                       {"runtime", "litellm"}};
    if (!parent.empty()) start["parentRunId"] = sink::uuid_of(parent);

    json::object end{{"type", "llm"},
                     {"event", record.failed ? "error" : "end"},
                     {"runId", run},
                     {"timestamp", sink::iso8601(record.ended)},
                     {"runtime", "litellm"}};
    if (record.failed) {
        const auto message = sink::error_text(payload);
        end["error"] = json::object{{"message", message}, {"stack", message}};
    } else {
        end["output"] = output_of(payload);
        end["tokensUsage"] = usage_of(payload);
    }
    return {sink::without_nulls(start), sink::without_nulls(end)};
}

}  // namespace patchbay::lunary
