// OpenAI's chat completions as a whole and as chunks. Tested by forms_test.cpp.
#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "engine/cache/event_lines.hpp"
#include "engine/cache/forms.hpp"
#include "engine/records/rebuilding.hpp"

namespace patchbay {

namespace json = boost::json;

namespace {

// What rebuilt_answer() takes over of a chunk, of its choices, deltas and pieces of calls.
constexpr auto kOfChunk =
    std::to_array<std::string_view>({"id", "object", "created", "model", "system_fingerprint",
                                     "service_tier", "usage", "choices", "obfuscation"});
constexpr auto kOfChoice = std::to_array<std::string_view>({"index", "delta", "finish_reason"});
constexpr auto kOfDelta = std::to_array<std::string_view>(
    {"role", "content", "refusal", "reasoning_content", "reasoning", "tool_calls"});
constexpr auto kOfCall = std::to_array<std::string_view>({"index", "id", "type", "function"});
constexpr auto kOfFunction = std::to_array<std::string_view>({"name", "arguments"});

bool says_nothing(const json::value& value) {
    const auto* list = value.if_array();
    return value.is_null() || (list && list->empty());
}

template <std::size_t N>
bool only(const json::object& object, const std::array<std::string_view, N>& known) {
    return std::all_of(object.begin(), object.end(), [&](const json::key_value_pair& member) {
        return says_nothing(member.value()) ||
               std::find(known.begin(), known.end(), std::string_view(member.key())) != known.end();
    });
}

// Calls `good` for each object of a list; false if one says no, or if there is something else in it.
template <class Good>
bool all_objects(const json::object& of, std::string_view name, Good good) {
    const auto* value = of.if_contains(name);
    if (!value || value->is_null()) return true;
    const auto* list = value->if_array();
    return list && std::all_of(list->begin(), list->end(), [&](const json::value& item) {
               const auto* object = item.if_object();
               return object && good(*object);
           });
}

bool is_known_call(const json::object& call) {
    const auto* function = call.if_contains("function");
    return only(call, kOfCall) &&
           (!function || (function->is_object() && only(function->get_object(), kOfFunction)));
}

bool is_known_choice(const json::object& choice) {
    const auto* delta = choice.if_contains("delta");
    if (!only(choice, kOfChoice)) return false;
    if (!delta || delta->is_null()) return true;
    return delta->is_object() && only(delta->get_object(), kOfDelta) &&
           all_objects(delta->get_object(), "tool_calls", is_known_call);
}

void append(KeptEvents& events, json::object common, json::array choices) {
    common["choices"] = std::move(choices);
    events.append({}, json_tree::write(common));
}

// A message as the one delta that tells it.
json::object delta_of(const json::object& message) {
    json::object delta;
    for (const auto& member : message) {
        if (!member.value().is_null()) delta[member.key()] = member.value();
    }
    auto* calls = delta.if_contains("tool_calls");
    if (calls && calls->is_array()) {
        std::int64_t index = 0;
        for (json::value& call : calls->get_array()) {
            if (call.is_object()) call.get_object()["index"] = index++;
        }
    }
    return delta;
}

}  // namespace

std::optional<std::string> folded_chat(const KeptEvents& events) {
    const std::string lines = event_lines(events);
    Unread unread;
    bool known = true;
    each_event(lines, "chunk", unread, [&](const json::object& chunk) {
        known = known && only(chunk, kOfChunk) && all_objects(chunk, "choices", is_known_choice);
    });
    if (!known || !unread.empty()) return std::nullopt;
    return json_tree::write(rebuilt_answer(lines, unread));
}

std::optional<KeptEvents> unfolded_chat(std::string_view whole) {
    json_tree::Tree tree = json_tree::read(whole);
    const auto* answer = tree ? tree.value.if_object() : nullptr;
    const auto* choices = answer ? answer->if_contains("choices") : nullptr;
    if (!choices || !choices->is_array()) return std::nullopt;
    json::object common;
    for (const auto& member : *answer) {
        if (member.key() != "choices" && member.key() != "usage") {
            common[member.key()] = member.value();
        }
    }
    common["object"] = "chat.completion.chunk";
    json::array said, ended;
    for (const json::value& item : choices->get_array()) {
        const auto* choice = item.if_object();
        const auto* message = choice ? choice->if_contains("message") : nullptr;
        if (!message || !message->is_object()) return std::nullopt;
        json::object first = *choice;
        first.erase("message");
        json::object last{{"index", json::value()}, {"delta", json::object()}};
        for (const std::string_view name : {"index", "finish_reason"}) {
            const auto* value = choice->if_contains(name);
            last[name] = value ? *value : json::value();
        }
        first["delta"] = delta_of(message->get_object());
        first["finish_reason"] = nullptr;
        said.push_back(std::move(first));
        ended.push_back(std::move(last));
    }
    KeptEvents events;
    append(events, common, std::move(said));
    append(events, common, std::move(ended));
    if (const auto* usage = answer->if_contains("usage"); usage && !usage->is_null()) {
        common["usage"] = *usage;
        append(events, std::move(common), {});
    }
    return events;
}

}  // namespace patchbay
