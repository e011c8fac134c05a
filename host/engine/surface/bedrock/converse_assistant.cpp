#include "engine/surface/bedrock/converse_assistant.hpp"

#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/bedrock/converse_parts.hpp"
#include "engine/surface/bedrock/converse_values.hpp"
#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kServerTool = "server_tool_use";

class Turn {
  public:
    explicit Turn(Reading& reading) : reading_(reading) {}

    Result<void> add(const json::object& block, const Place& place) {
        for (const auto& reader : kReaders) {
            const auto* value = find(block, reader.name);
            if (value) return (this->*reader.add)(*value, Place(reader.name, &place));
        }
        return bad_shape(place, "must hold a content block of Bedrock's, as text or toolUse");
    }

    /// The message; null if it would say nothing.
    json::value finish() {
        if (content_.empty() && calls_.empty()) return nullptr;
        json::object message{{"role", "assistant"}};
        message["content"] = content_.empty() ? json::value(nullptr) : json::value(content_);
        if (!reasoning_.empty()) message["reasoning_content"] = reasoning_;
        if (!thinking_.empty()) message["thinking_blocks"] = std::move(thinking_);
        if (!calls_.empty()) message["tool_calls"] = std::move(calls_);
        if (!mark_.is_null()) message["cache_control"] = std::move(mark_);
        return message;
    }

  private:
    struct Reader {
        std::string_view name;
        Result<void> (Turn::*add)(const json::value& value, const Place& place);
    };
    static const std::array<Reader, 8> kReaders;

    Result<void> add_text(const json::value& value, const Place& place);
    Result<void> add_cited(const json::value& value, const Place& place);
    Result<void> add_call(const json::value& value, const Place& place);
    Result<void> add_reasoning(const json::value& value, const Place& place);
    Result<void> add_mark(const json::value& value, const Place& place);
    Result<void> note(const json::value&, const Place& place) {
        reading_.note(place);
        return {};
    }
    Result<void> refuse(const json::value&, const Place& place) {
        reading_.refuse(place);
        return {};
    }

    Reading& reading_;
    std::string content_;
    std::string reasoning_;
    json::array thinking_;
    json::array calls_;
    json::value mark_;
};

const std::array<Turn::Reader, 8> Turn::kReaders{{
    {"text", &Turn::add_text},
    {"toolUse", &Turn::add_call},
    {"reasoningContent", &Turn::add_reasoning},
    {"citationsContent", &Turn::add_cited},
    {"cachePoint", &Turn::add_mark},
    {"guardContent", &Turn::note},
    {"toolResult", &Turn::note},  // of a tool that AWS ran
    {"image", &Turn::refuse},
}};

Result<void> Turn::add_text(const json::value& value, const Place& place) {
    if (!value.is_string()) return bad_shape(place, "must be a string");
    const auto words = view(value.get_string());
    if (!calls_.empty() && !words.empty()) reading_.note("order of blocks");
    json_tree::join(content_, words);
    return {};
}

Result<void> Turn::add_cited(const json::value& value, const Place& place) {
    const auto* cited = as_object(&value);
    const Place list("content", &place);
    const auto* content = cited ? find_array(*cited, "content") : nullptr;
    if (!content) return bad_shape(list, "must be an array");
    reading_.note(place);
    for (std::size_t i = 0; i < content->size(); ++i) {
        const auto* one = as_object(&(*content)[i]);
        const Place at(i, &list);
        const auto* said = one ? find(*one, "text") : nullptr;
        if (!said) return bad_shape(at, "must hold text");
        if (auto added = add_text(*said, at); !added) return added;
    }
    return {};
}

Result<void> Turn::add_call(const json::value& value, const Place& place) {
    const auto* call = as_object(&value);
    if (!call) return bad_shape(place, "must be an object");
    if (text(*call, "type") == kServerTool) return note(value, place);
    for (const std::string_view name : {"toolUseId", "name"}) {
        if (text(*call, name).empty()) {
            return bad_shape(Place(name, &place), "must be a string that is not empty");
        }
    }
    const auto* input = find(*call, "input");
    if (input && !as_object(input)) return bad_shape(Place("input", &place), "must be an object");
    calls_.emplace_back(
        json::object{{"id", chat_call_id(text(*call, "toolUseId"))},
                     {"type", "function"},
                     {"function",
                      {{"name", reading_.names.shorten(text(*call, "name"))},
                       {"arguments", input ? json_tree::write(*input) : std::string("{}")}}}});
    return {};
}

Result<void> Turn::add_reasoning(const json::value& value, const Place& place) {
    const auto* reasoning = as_object(&value);
    if (!reasoning) return bad_shape(place, "must be an object");
    if (const auto content = text(*reasoning, "redactedContent"); !content.empty()) {
        const auto data = redacted_data(content);
        if (data.empty()) {
            return bad_shape(Place("redactedContent", &place), "must be bytes, in base64");
        }
        thinking_.emplace_back(json::object{{"type", "redacted_thinking"}, {"data", data}});
        return {};
    }
    const auto* told = find_object(*reasoning, "reasoningText");
    if (!told) {
        return bad_shape(Place("reasoningText", &place), "must be an object");
    }
    const auto words = text(*told, "text");
    json_tree::join(reasoning_, words);
    // A thought of a model that signs none has no signature. Nobody could check it.
    const auto signature = text(*told, "signature");
    if (signature.empty()) return {};
    thinking_.emplace_back(
        json::object{{"type", "thinking"}, {"thinking", words}, {"signature", signature}});
    return {};
}

Result<void> Turn::add_mark(const json::value& value, const Place& place) {
    const auto* point = as_object(&value);
    if (!point) return bad_shape(place, "must be an object");
    mark_ = cache_mark(*point);
    return {};
}

}  // namespace

Result<void> append_converse_assistant(const json::array& blocks, const Place& place,
                                       Reading& reading, json::array& messages) {
    Turn turn(reading);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Place at(i, &place);
        const auto* block = as_object(&blocks[i]);
        if (!block) return bad_shape(at, "must be an object");
        if (auto added = turn.add(*block, at); !added) return added;
    }
    if (auto message = turn.finish(); !message.is_null()) messages.push_back(std::move(message));
    return {};
}

}  // namespace patchbay::surface
