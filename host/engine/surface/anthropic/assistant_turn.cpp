#include "engine/surface/anthropic/assistant_turn.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

namespace patchbay::surface {

namespace {

class AssistantTurn {
  public:
    explicit AssistantTurn(Reading& reading) : reading_(reading) {}

    Result<void> add(const json::value& value, const Place& place);
    /// The message; null if it would say nothing.
    json::value finish();

  private:
    Result<void> add_text(const json::object& block, const Place& place);
    Result<void> add_call(const json::object& block, const Place& place);
    Result<void> add_thinking(const json::object& block, const Place& place);
    Result<void> add_redacted(const json::object& block, const Place& place);
    Result<void> add_summary(const json::object& block, const Place& place);

    struct Reader {
        std::string_view type;
        Result<void> (AssistantTurn::*add)(const json::object& block, const Place& place);
    };
    static const std::array<Reader, 5> kReaders;

    Reading& reading_;
    std::string content_;
    std::string reasoning_;
    json::array thinking_;
    json::array calls_;
    json::value mark_;
};

const std::array<AssistantTurn::Reader, 5> AssistantTurn::kReaders{{
    {"text", &AssistantTurn::add_text},
    {"tool_use", &AssistantTurn::add_call},
    {"thinking", &AssistantTurn::add_thinking},
    {"redacted_thinking", &AssistantTurn::add_redacted},
    {"compaction", &AssistantTurn::add_summary},
}};

// Tools that Anthropic ran, and what says which of its models answered: for Anthropic alone.
bool is_anthropics(std::string_view type) {
    return type == "server_tool_use" || type == "mcp_tool_use" || type == "fallback" ||
           type.ends_with("_tool_result");
}

Result<void> AssistantTurn::add(const json::value& value, const Place& place) {
    const auto* block = as_object(&value);
    if (!block) return bad_shape(place, "must be an object");
    const auto type = text(*block, "type");
    if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
    if (const auto* mark = find(*block, "cache_control")) mark_ = *mark;
    const auto* reader = std::find_if(kReaders.begin(), kReaders.end(),
                                      [&](const Reader& row) { return row.type == type; });
    if (reader != kReaders.end()) return (this->*reader->add)(*block, place);
    if (is_anthropics(type)) {
        reading_.note(Place("server_tool_use", &place));
    } else {
        reading_.refuse(place);
    }
    return {};
}

Result<void> AssistantTurn::add_text(const json::object& block, const Place& place) {
    const auto* words = block.if_contains("text");
    if (!words || !words->is_string()) return bad_shape(Place("text", &place), "must be a string");
    if (find(block, "citations")) reading_.note(Place("citations", &place));
    if (!calls_.empty() && !words->get_string().empty()) reading_.note("order of blocks");
    json_tree::join(content_, view(words->get_string()));
    return {};
}

Result<void> AssistantTurn::add_call(const json::object& block, const Place& place) {
    for (const std::string_view name : {"id", "name"}) {
        if (text(block, name).empty()) {
            return bad_shape(Place(name, &place), "must be a string that is not empty");
        }
    }
    const auto* input = find(block, "input");
    if (input && !as_object(input)) return bad_shape(Place("input", &place), "must be an object");
    calls_.emplace_back(
        json::object{{"id", chat_call_id(text(block, "id"))},
                     {"type", "function"},
                     {"function",
                      {{"name", reading_.names.shorten(text(block, "name"))},
                       {"arguments", input ? json_tree::write(*input) : std::string("{}")}}}});
    return {};
}

Result<void> AssistantTurn::add_thinking(const json::object& block, const Place& place) {
    const auto* words = block.if_contains("thinking");
    if (!words || !words->is_string()) {
        return bad_shape(Place("thinking", &place), "must be a string");
    }
    json_tree::join(reasoning_, view(words->get_string()));
    // A thought of a model that signs none came with an empty signature. Nobody could check it.
    const auto signature = text(block, "signature");
    if (signature.empty()) return {};
    thinking_.emplace_back(
        json::object{{"type", "thinking"}, {"thinking", *words}, {"signature", signature}});
    return {};
}

Result<void> AssistantTurn::add_redacted(const json::object& block, const Place& place) {
    const auto data = text(block, "data");
    if (data.empty()) return bad_shape(Place("data", &place), "must be a string that is not empty");
    thinking_.emplace_back(json::object{{"type", "redacted_thinking"}, {"data", data}});
    return {};
}

// What was said before, in short. The words are all that is left of it.
Result<void> AssistantTurn::add_summary(const json::object& block, const Place& place) {
    reading_.note(Place("compaction", &place));
    json_tree::join(content_, text(block, "content"));
    return {};
}

json::value AssistantTurn::finish() {
    if (content_.empty() && calls_.empty()) return nullptr;
    json::object message{{"role", "assistant"}};
    message["content"] = content_.empty() ? json::value(nullptr) : json::value(content_);
    if (!reasoning_.empty()) message["reasoning_content"] = reasoning_;
    if (!thinking_.empty()) message["thinking_blocks"] = std::move(thinking_);
    if (!calls_.empty()) message["tool_calls"] = std::move(calls_);
    if (!mark_.is_null()) message["cache_control"] = std::move(mark_);
    return message;
}

}  // namespace

Result<void> append_assistant(const json::value& content, const Place& place, Reading& reading,
                              json::array& messages) {
    AssistantTurn turn(reading);
    if (content.is_string()) {
        const json::value block{{"type", "text"}, {"text", content}};
        if (auto added = turn.add(block, place); !added) return added.error();
    } else {
        const auto* blocks = content.if_array();
        if (!blocks) return bad_shape(place, "must be a string or an array");
        for (std::size_t i = 0; i < blocks->size(); ++i) {
            if (auto added = turn.add((*blocks)[i], Place(i, &place)); !added) return added.error();
        }
    }
    if (auto message = turn.finish(); !message.is_null()) messages.push_back(std::move(message));
    return {};
}

}  // namespace patchbay::surface
