#include <map>

#include <boost/json.hpp>

#include "engine/records/rebuilding.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

std::int64_t index_of(const json::object& object) {
    const auto* index = object.if_contains("index");
    const auto* number = index ? index->if_int64() : nullptr;
    return number ? *number : 0;
}

void append_tool_calls(std::map<std::int64_t, json::object>& calls, const json::value& value) {
    const auto* list = value.if_array();
    if (!list) return;
    for (const json::value& item : *list) {
        const auto* piece = item.if_object();
        if (!piece) continue;
        json::object& call = calls[index_of(*piece)];
        for (const std::string_view name : {"id", "type"}) {
            const auto* member = piece->if_contains(name);
            if (member && member->is_string()) call[name] = *member;
        }
        const auto* function = piece->if_contains("function");
        if (!function || !function->is_object()) continue;
        auto& to = call["function"];
        if (!to.is_object()) to.emplace_object();
        for (const auto& member : function->get_object()) {
            append_text(to.get_object(), member.key(), member.value());
        }
    }
}

struct Choice {
    json::object message;
    std::map<std::int64_t, json::object> tool_calls;
    json::value finish_reason;
};

void append_delta(Choice& choice, const json::object& delta) {
    for (const auto& member : delta) {
        if (member.key() == "role") {
            choice.message["role"] = member.value();
        } else if (member.key() == "tool_calls") {
            append_tool_calls(choice.tool_calls, member.value());
        } else {
            append_text(choice.message, member.key(), member.value());
        }
    }
}

}  // namespace

json::object rebuilt_answer(std::string_view chunks, Unread& unread) {
    json::object answer;
    std::map<std::int64_t, Choice> choices;
    each_event(chunks, "chunk", unread, [&](const json::object& chunk) {
        for (const std::string_view name :
             {"id", "created", "model", "system_fingerprint", "service_tier", "usage"}) {
            const auto* value = chunk.if_contains(name);
            if (value && !value->is_null()) answer[name] = *value;
        }
        const auto* list = chunk.if_contains("choices");
        if (!list || !list->is_array()) return;
        for (const json::value& item : list->get_array()) {
            const auto* piece = item.if_object();
            if (!piece) continue;
            Choice& choice = choices[index_of(*piece)];
            const auto* delta = piece->if_contains("delta");
            if (delta && delta->is_object()) append_delta(choice, delta->get_object());
            const auto* reason = piece->if_contains("finish_reason");
            if (reason && !reason->is_null()) choice.finish_reason = *reason;
        }
    });
    answer["object"] = "chat.completion";
    json::array all;
    for (auto& [index, choice] : choices) {
        choice.message.emplace("role", "assistant");
        choice.message.emplace("content", nullptr);
        if (!choice.tool_calls.empty()) {
            json::array calls;
            for (auto& [number, call] : choice.tool_calls) calls.push_back(std::move(call));
            choice.message["tool_calls"] = std::move(calls);
        }
        all.push_back(json::object{{"index", index},
                                   {"message", std::move(choice.message)},
                                   {"finish_reason", std::move(choice.finish_reason)}});
    }
    answer["choices"] = std::move(all);
    // Joins what was cut between the halves of a pair: they stand side by side by now.
    json::value whole(std::move(answer));
    json_tree::make_utf8(whole);
    return std::move(whole.get_object());
}

}  // namespace patchbay
