#include "messages.hpp"

#include <utility>

#include "shared/payload.hpp"

namespace patchbay::otel {

namespace json = boost::json;
using sink::member;
using sink::text;

namespace {

void add_text(json::array& parts, const json::value& content) {
    if (content.is_string() && !content.get_string().empty()) {
        parts.push_back(json::object{{"type", "text"}, {"content", content}});
    }
}

void add_content(json::array& parts, const json::value& content) {
    add_text(parts, content);
    const auto* list = content.if_array();
    if (!list) return;
    for (const json::value& part : *list) {
        if (text(part, "type") == "text") {
            add_text(parts, member(part, "text"));
        } else if (part.is_object()) {
            parts.push_back(part);  // a type of one's own is allowed
        }
    }
}

void add_calls(json::array& parts, const json::value& message) {
    const auto* calls = member(message, "tool_calls").if_array();
    if (!calls) return;
    for (const json::value& call : *calls) {
        const json::value& function = member(call, "function");
        auto arguments = sink::parse(text(function, "arguments"));
        parts.push_back(json::object{
            {"type", "tool_call"},
            {"id", member(call, "id")},
            {"name", member(function, "name")},
            {"arguments", arguments ? std::move(*arguments) : member(function, "arguments")}});
    }
}

json::object message_of(const json::value& message) {
    json::array parts;
    if (text(message, "role") == "tool") {
        parts.push_back(json::object{{"type", "tool_call_response"},
                                     {"id", member(message, "tool_call_id")},
                                     {"response", member(message, "content")}});
    } else {
        const json::value& reasoning = member(message, "reasoning_content");
        if (reasoning.is_string()) {
            parts.push_back(json::object{{"type", "reasoning"}, {"content", reasoning}});
        }
        add_content(parts, member(message, "content"));
        add_calls(parts, message);
    }
    return {{"role", member(message, "role")}, {"parts", std::move(parts)}};
}

}  // namespace

json::array input_messages(const json::value& messages) {
    json::array shown;
    const auto* list = messages.if_array();
    if (!list) return shown;
    for (const json::value& message : *list) {
        if (message.is_object()) shown.push_back(message_of(message));
    }
    return shown;
}

json::array output_messages(const json::value& response) {
    json::array shown;
    const auto* choices = member(response, "choices").if_array();
    if (!choices) return shown;
    for (const json::value& choice : *choices) {
        const json::value& message = member(choice, "message");
        if (!message.is_object()) continue;
        json::object one = message_of(message);
        const auto reason = text(choice, "finish_reason");
        one["finish_reason"] = reason == "tool_calls" ? "tool_call" : reason;
        shown.push_back(std::move(one));
    }
    return shown;
}

}  // namespace patchbay::otel
