#include "engine/surface/anthropic/answer_values.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/usage.hpp"

namespace patchbay::surface {

namespace {

struct Reason {
    std::string_view finish_reason;
    std::string_view stop_reason;
};
constexpr std::array kReasons{
    Reason{"stop", "end_turn"},          Reason{"length", "max_tokens"},
    Reason{"tool_calls", "tool_use"},    Reason{"function_call", "tool_use"},
    Reason{"content_filter", "refusal"},
};

// Anthropic's words for what OpenAI's say less exactly.
constexpr std::array<std::string_view, 4> kNativeReasons{
    "refusal", "pause_turn", "model_context_window_exceeded", "stop_sequence"};

std::uint64_t less(std::uint64_t whole, std::uint64_t part) {
    return whole - std::min(whole, part);
}

void take(std::string& to, std::string_view from) {
    if (!from.empty()) to = from;
}

void write_cache_parts(const json::object& usage, json::object& told) {
    const auto* details = find_object(usage, "prompt_tokens_details");
    const auto* parts = details ? find_object(*details, "cache_creation_token_details") : nullptr;
    if (parts) told["cache_creation"] = *parts;
}

}  // namespace

std::string message_id(std::string_view chat_id) {
    return "msg_" + messages_call_id(bare_id(chat_id));
}

std::string tool_use_id(std::string_view call_id, std::string_view chat_id, std::size_t index) {
    if (!call_id.empty()) return messages_call_id(call_id);
    return messages_call_id(std::string(chat_id) + ":" + std::to_string(index));
}

json::object messages_usage(const json::object* usage) {
    const auto counts = usage_of(usage);
    const Usage none;
    const Usage& told = counts ? *counts : none;
    json::object written{{"input_tokens", less(told.prompt, told.cached + told.cache_creation)},
                         {"cache_creation_input_tokens", told.cache_creation},
                         {"cache_read_input_tokens", told.cached},
                         {"output_tokens", told.completion}};
    if (!usage) return written;
    write_cache_parts(*usage, written);
    if (told.reasoning > 0) {
        written["output_tokens_details"] = json::object{{"thinking_tokens", told.reasoning}};
    }
    if (const auto* tools = find_object(*usage, "server_tool_use")) {
        written["server_tool_use"] = *tools;
    }
    if (const auto tier = text(*usage, "service_tier"); !tier.empty()) {
        written["service_tier"] = tier;
    }
    return written;
}

void Ending::read(const json::object& choice, const json::object* message) {
    take(finish_reason, text(choice, "finish_reason"));
    take(stop_sequence, text(choice, "stop_sequence"));
    if (const auto* own = find_object(choice, "provider_specific_fields")) {
        take(native_reason, text(*own, "native_finish_reason"));
        if (const auto* told = find(*own, "stop_details")) details = *told;
    }
    if (!message) return;
    if (const auto* own = find_object(*message, "provider_specific_fields")) {
        take(native_reason, text(*own, "stop_reason"));
    }
    refused |= !text(*message, "refusal").empty();
}

std::string_view Ending::stop_reason() const {
    const auto* native = std::find(kNativeReasons.begin(), kNativeReasons.end(), native_reason);
    if (native != kNativeReasons.end()) return *native;
    const auto* known = std::find_if(kReasons.begin(), kReasons.end(), [&](const Reason& row) {
        return row.finish_reason == finish_reason;
    });
    const auto reason = known == kReasons.end() ? kReasons[0].stop_reason : known->stop_reason;
    // Clients go by the reason: with calls they run them, without one they would wait for nothing.
    if (reason == "tool_use" && !called) return refused ? "refusal" : "end_turn";
    if (reason != "end_turn") return reason;
    if (called) return "tool_use";
    if (refused) return "refusal";
    return stop_sequence.empty() ? reason : "stop_sequence";
}

void Ending::write(json::object& to) const {
    to["stop_reason"] = stop_reason();
    to["stop_sequence"] = stop_sequence.empty() ? json::value(nullptr) : json::value(stop_sequence);
    if (!details.is_null()) to["stop_details"] = details;
}

}  // namespace patchbay::surface
