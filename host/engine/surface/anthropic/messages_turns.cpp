#include "engine/surface/anthropic/messages_turns.hpp"

#include <string>
#include <utility>

#include "engine/surface/anthropic/assistant_turn.hpp"
#include "engine/surface/anthropic/messages_parts.hpp"
#include "engine/surface/hub/tool_result.hpp"

namespace patchbay::surface {

namespace {

// A block of the system prompt that counts calls for Anthropic's bills. It changes with every call,
// so that no other provider could use its prompt cache.
constexpr std::string_view kBilling = "x-anthropic-billing-header:";

// A user turn on its way: results first, then the rest.
class UserTurn {
  public:
    UserTurn(Reading& reading, json::array& messages) : reading_(reading), messages_(messages) {}

    Result<void> add(const json::value& value, const Place& place) {
        const auto* block = as_object(&value);
        if (block && text(*block, "type") == "tool_result") return add_result(*block, place);
        return append_parts(value, place, reading_, parts_);
    }

    void finish() {
        for (auto& part : parts_) shown_.push_back(std::move(part));
        if (shown_.empty()) return;
        messages_.emplace_back(json::object{{"role", "user"}, {"content", std::move(shown_)}});
    }

  private:
    Result<void> add_result(const json::object& block, const Place& place) {
        const auto id = text(block, "tool_use_id");
        if (id.empty()) {
            return bad_shape(Place("tool_use_id", &place), "must be a string that is not empty");
        }
        json::array parts;
        if (const auto* content = find(block, "content")) {
            auto read = read_parts(*content, Place("content", &place), reading_);
            if (!read) return read.error();
            parts = std::move(*read);
        }
        ToolResult result{.call_id = id, .parts = std::move(parts)};
        result.is_error = is_true(block, "is_error");
        if (const auto* own = find(block, "cache_control")) result.mark = *own;
        messages_.emplace_back(
            tool_message(std::move(result), shown_, reading_, Place("content", &place)));
        return {};
    }

    Reading& reading_;
    json::array& messages_;
    json::array parts_;
    json::array shown_;  ///< what was moved out of results, and then all parts
};

Result<void> append_user(const json::value& content, const Place& place, Reading& reading,
                         json::array& messages) {
    if (const auto* words = content.if_string()) {
        if (!words->empty()) {
            messages.emplace_back(json::object{{"role", "user"}, {"content", view(*words)}});
        }
        return {};
    }
    const auto* blocks = content.if_array();
    if (!blocks) return bad_shape(place, "must be a string or an array");
    UserTurn turn(reading, messages);
    for (std::size_t i = 0; i < blocks->size(); ++i) {
        if (auto added = turn.add((*blocks)[i], Place(i, &place)); !added) return added.error();
    }
    turn.finish();
    return {};
}

bool is_billing(const json::value& part) {
    return text(part.get_object(), "text").starts_with(kBilling);
}

Result<void> append_instructions(const json::value& content, const Place& place, Reading& reading,
                                 json::array& messages) {
    json::object message{{"role", "system"}};
    if (content.is_string()) {
        const auto words = view(content.get_string());
        if (words.empty() || words.starts_with(kBilling)) return {};
        message["content"] = words;
        messages.emplace_back(std::move(message));
        return {};
    }
    auto parts = read_parts(content, place, reading);
    if (!parts) return parts.error();
    json::array kept;
    for (auto& part : *parts) {
        if (!is_text(part)) {
            reading.refuse(place);  // a system prompt is text
        } else if (!is_billing(part)) {
            kept.push_back(std::move(part));
        }
    }
    if (kept.empty()) return {};
    message["content"] = std::move(kept);
    messages.emplace_back(std::move(message));
    return {};
}

}  // namespace

Result<void> append_system(const json::value& system, Reading& reading, json::array& messages) {
    return append_instructions(system, Place("system"), reading, messages);
}

Result<void> append_turns(const json::value& turns, Reading& reading, json::array& messages) {
    const Place list("messages");
    const auto* array = turns.if_array();
    if (!array) return bad_shape(list, "must be an array");
    std::string_view last;
    for (std::size_t i = 0; i < array->size(); ++i) {
        const Place place(i, &list);
        const auto* turn = as_object(&(*array)[i]);
        if (!turn) return bad_shape(place, "must be an object");
        const Place inside("content", &place);
        const auto* content = find(*turn, "content");
        if (!content) return bad_shape(inside, "must be a string or an array");
        last = text(*turn, "role");
        Result<void> appended;
        if (last == "user") {
            appended = append_user(*content, inside, reading, messages);
        } else if (last == "assistant") {
            appended = append_assistant(*content, inside, reading, messages);
        } else if (last == "system") {
            appended = append_instructions(*content, inside, reading, messages);
        } else {
            return bad_shape(Place("role", &place), "must be user, assistant or system");
        }
        if (!appended) return appended.error();
    }
    if (last == "assistant") reading.note("prefill");
    return {};
}

}  // namespace patchbay::surface
