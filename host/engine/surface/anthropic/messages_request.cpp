#include "engine/surface/anthropic/messages_request.hpp"

#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/anthropic/messages_thinking.hpp"
#include "engine/surface/anthropic/messages_tools.hpp"
#include "engine/surface/anthropic/messages_turns.hpp"
#include "engine/surface/hub/members.hpp"
#include "engine/surface/hub/reading.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

namespace {

constexpr std::size_t kMaxUser = 64;  // of OpenAI's `user`; LiteLLM cuts there as well

Result<void> write_number(std::string_view name, const json::value& value, const Place& place,
                          json::object& chat) {
    if (!json_tree::is_number(value)) return bad_shape(place, "must be a number");
    chat[name] = value;
    return {};
}

template <const std::string_view& Name>
Result<void> number(const json::value& value, const Place& place, Reading&, json::object& chat) {
    return write_number(Name, value, place, chat);
}

constexpr std::string_view kMaxTokens = "max_tokens";
constexpr std::string_view kTemperature = "temperature";
constexpr std::string_view kTopP = "top_p";
constexpr std::string_view kTopK = "top_k";

bool is_blank(std::string_view words) {
    return words.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

// Anthropic leaves blank sequences out; OpenAI would stop at every space.
Result<void> stop_sequences(const json::value& value, const Place& place, Reading&,
                            json::object& chat) {
    const auto* given = value.if_array();
    if (!given) return bad_shape(place, "must be an array of strings");
    json::array sequences;
    for (std::size_t i = 0; i < given->size(); ++i) {
        const auto* sequence = (*given)[i].if_string();
        if (!sequence) return bad_shape(Place(i, &place), "must be a string");
        if (!is_blank(view(*sequence))) sequences.emplace_back(*sequence);
    }
    if (!sequences.empty()) chat["stop"] = std::move(sequences);
    return {};
}

Result<void> stream(const json::value& value, const Place& place, Reading&, json::object& chat) {
    if (!value.is_bool()) return bad_shape(place, "must be a boolean");
    if (!value.get_bool()) return {};
    chat["stream"] = true;
    chat["stream_options"] = json::object{{"include_usage", true}};
    return {};
}

// The member stays: LiteLLM's clients speak to the gateway in it.
Result<void> metadata(const json::value& value, const Place& place, Reading&, json::object& chat) {
    const auto* given = as_object(&value);
    if (!given) return bad_shape(place, "must be an object");
    chat["metadata"] = value;
    auto user = text(*given, "user_id");
    if (user.size() > kMaxUser) {
        auto kept = kMaxUser;
        while (kept > 0 && (user[kept] & 0xc0) == 0x80) --kept;  // not within a character
        user = user.substr(0, kept);
    }
    if (!user.empty()) chat["user"] = user;
    return {};
}

Result<void> service_tier(const json::value& value, const Place& place, Reading&,
                          json::object& chat) {
    const auto* tier = value.if_string();
    if (!tier) return bad_shape(place, "must be a string");
    chat["service_tier"] = *tier == "standard_only" ? "default" : view(*tier);
    return {};
}

Result<void> speed(const json::value& value, const Place& place, Reading& reading, json::object&) {
    if (value != json::value("standard")) reading.refuse(place);
    return {};
}

Result<void> refused(const json::value& value, const Place& place, Reading& reading,
                     json::object&) {
    const auto* list = value.if_array();
    if (!list || !list->empty()) reading.refuse(place);
    return {};
}

using Member = MemberRow<Reading, json::object>;

// What Anthropic's documentation of the Messages API has, its betas too.
constexpr std::array kMembers{
    Member{"anthropic_beta", noted},
    Member{"anthropic_version", noted},
    Member{"betas", noted},
    Member{"billing_policy", noted},
    Member{"cache_control", elsewhere},
    Member{"compaction", noted},  // saves tokens only, as context_management
    Member{"container", refused},
    Member{"context_management", noted},
    Member{"diagnostics", noted},
    Member{"fallback_credit_token", noted},
    Member{"inference_geo", refused},
    Member{"max_tokens", number<kMaxTokens>},
    Member{"mcp_servers", refused},
    Member{"messages", elsewhere},
    Member{"metadata", metadata},
    Member{"model", elsewhere},
    Member{"output_config", elsewhere},
    Member{"output_format", elsewhere},
    Member{"service_tier", service_tier},
    Member{"speed", speed},
    Member{"stop_sequences", stop_sequences},
    Member{"stream", stream},
    Member{"system", elsewhere},
    Member{"temperature", number<kTemperature>},
    Member{"thinking", elsewhere},
    Member{"thread", refused},
    Member{"tool_choice", elsewhere},
    Member{"tools", elsewhere},
    Member{"top_k", number<kTopK>},
    Member{"top_p", number<kTopP>},
    Member{"user_profile_id", noted},
    Member{"workspace_id", noted},
};

Result<void> write_plain(const json::object& request, Reading& reading, json::object& chat) {
    return write_members(request, nullptr, kMembers, passed_on(chat), reading, chat);
}

Result<void> write_messages(const json::object& request, Reading& reading, json::object& chat) {
    json::array messages;
    if (const auto* system = find(request, "system")) {
        if (auto written = append_system(*system, reading, messages); !written) return written;
    }
    const auto* turns = find(request, "messages");
    if (!turns) return bad_shape(Place("messages"), "must be an array");
    if (auto written = append_turns(*turns, reading, messages); !written) return written;
    // A mark on the whole request is one on its last block.
    const auto* mark = find(request, "cache_control");
    if (mark && !messages.empty()) messages.back().get_object().emplace("cache_control", *mark);
    chat["messages"] = std::move(messages);
    return {};
}

Result<void> write_choice_of_tools(const json::object& request, Reading& reading,
                                   json::object& chat) {
    if (const auto* tools = find(request, "tools")) {
        if (auto written = write_tools(*tools, reading, chat); !written) return written;
    }
    const auto* choice = find(request, "tool_choice");
    return choice ? write_tool_choice(*choice, reading, chat) : Result<void>();
}

constexpr std::array<Result<void> (*)(const json::object&, Reading&, json::object&), 5> kSteps{
    write_messages, write_plain, write_thinking, write_format, write_choice_of_tools};

}  // namespace

Result<ChatRequest> chat_of_messages(std::string_view body, bool drop_params) {
    unsigned char first_memory[8192];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(body, &memory);
    const auto* request = tree ? as_object(&tree.value) : nullptr;
    if (!request) return bad_request("the body must be a JSON object");
    Reading reading(drop_params || is_true(*request, "drop_params"));
    json::object chat;
    if (const auto* model = find(*request, "model")) chat["model"] = *model;
    for (const auto step : kSteps) {
        if (auto written = step(*request, reading, chat); !written) return written.error();
    }
    if (const auto* fault = reading.fault()) return *fault;
    return ChatRequest{json_tree::write(chat), std::move(reading.dropped),
                       std::move(reading.names)};
}

}  // namespace patchbay::surface
