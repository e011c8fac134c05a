#include "engine/surface/bedrock/converse_fields.hpp"

#include <array>
#include <patchbay/json_tree.hpp>

#include "engine/surface/anthropic/messages_thinking.hpp"
#include "engine/surface/hub/members.hpp"

namespace patchbay::surface {

namespace {

// Tools that Anthropic has made for its models, beside those of toolConfig.
Result<void> refused(const json::value& value, const Place& place, Reading& reading,
                     json::object&) {
    const auto* list = value.if_array();
    if (!list || !list->empty()) reading.refuse(place);
    return {};
}

Result<void> top_k(const json::value& value, const Place& place, Reading&, json::object& chat) {
    if (!json_tree::is_number(value)) return bad_shape(place, "must be a number");
    chat["top_k"] = value;
    return {};
}

Result<void> effort(const json::value& value, const Place& place, Reading&, json::object& chat) {
    if (!value.is_string()) return bad_shape(place, "must be a string");
    chat["reasoning_effort"] = value;
    return {};
}

Result<void> inference_config(const json::value& value, const Place& place, Reading& reading,
                              json::object& chat) {
    const auto* config = as_object(&value);
    if (!config) return bad_shape(place, "must be an object");
    for (const auto& member : *config) {
        if (member.value().is_null()) continue;
        const Place at(std::string_view(member.key()), &place);
        if (member.key() != "topK") {
            reading.note(at);
        } else if (auto written = top_k(member.value(), at, reading, chat); !written) {
            return written;
        }
    }
    return {};
}

// {"type": "enabled" or "disabled", "maxReasoningEffort": "low", "medium" or "high"}
Result<void> reasoning_config(const json::value& value, const Place& place, Reading& reading,
                              json::object& chat) {
    const auto* config = as_object(&value);
    const auto type = config ? text(*config, "type") : std::string_view();
    if (type == "disabled") {
        chat["thinking"] = json::object{{"type", "disabled"}};
        return {};
    }
    if (type != "enabled") return bad_shape(Place("type", &place), "must be enabled or disabled");
    const auto* most = find(*config, "maxReasoningEffort");
    return most ? effort(*most, Place("maxReasoningEffort", &place), reading, chat)
                : Result<void>();
}

Result<void> tool_choice(const json::value& value, const Place& place, Reading& reading,
                         json::object& chat) {
    const auto* choice = as_object(&value);
    if (!choice) return bad_shape(place, "must be an object");
    if (is_true(*choice, "disable_parallel_tool_use")) chat["parallel_tool_calls"] = false;
    const auto type = text(*choice, "type");
    if (!type.empty() && type != "auto") reading.note(place);  // toolConfig says it
    return {};
}

using Member = MemberRow<Reading, json::object>;
constexpr std::array kMembers{
    Member{"anthropic_beta", noted},
    Member{"inferenceConfig", inference_config},
    Member{"messages", noted},
    Member{"model", noted},
    Member{"output_config", elsewhere},
    Member{"reasoningConfig", reasoning_config},
    Member{"reasoning_config", elsewhere},
    Member{"reasoning_effort", effort},
    Member{"stream", noted},
    Member{"stream_options", noted},
    Member{"system", noted},
    Member{"thinking", elsewhere},
    Member{"tool_choice", tool_choice},
    Member{"tools", refused},
    Member{"topK", top_k},
    Member{"top_k", top_k},
};

// Claude's members are those of Anthropic's API; reasoning_config is the older name of thinking.
Result<void> write_claude(const json::object& fields, Reading& reading, json::object& chat) {
    json::object own;
    const auto* thinking = find(fields, "thinking");
    if (!thinking) thinking = find(fields, "reasoning_config");
    if (thinking) own["thinking"] = *thinking;
    if (const auto* config = find(fields, "output_config")) own["output_config"] = *config;
    if (auto written = write_thinking(own, reading, chat); !written) return written;
    return chat.contains("response_format") ? Result<void>() : write_format(own, reading, chat);
}

}  // namespace

Result<void> write_additional_fields(const json::value& value, const Place& place, Reading& reading,
                                     json::object& chat) {
    const auto* fields = as_object(&value);
    if (!fields) return bad_shape(place, "must be an object");
    auto written = write_members(*fields, &place, kMembers, passed_on(chat), reading, chat);
    return written ? write_claude(*fields, reading, chat) : written;
}

}  // namespace patchbay::surface
