#include "engine/surface/gemini/model_turn.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/gemini/thought_signature.hpp"
#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

namespace {

// Tools that Google ran: call and result are for its models alone.
constexpr std::array<std::string_view, 4> kGoogles{"executableCode", "codeExecutionResult",
                                                   "toolCall", "toolResponse"};

/// The readable text of thinking blocks, for a turn whose thoughts the client left out.
std::string words_of(const json::array& blocks) {
    std::string words;
    for (const auto& block : blocks) json_tree::join(words, text(block.get_object(), "thinking"));
    return words;
}

}  // namespace

Result<void> ModelTurn::add(const json::object& part, const Place& place) {
    add_signature(text_field(part, "thoughtSignature"), place);
    if (const auto* words = field(part, "text")) {
        if (!words->is_string()) return bad_shape(Place("text", &place), "must be a string");
        const auto said = view(words->get_string());
        const bool thought = flag_field(part, "thought");
        if (!thought && !said.empty() && !calls_.empty()) reading_.note("order of parts");
        json_tree::join(thought ? thought_ : content_, said);
        return {};
    }
    if (const auto* call = object_field(part, "functionCall")) {
        return add_call(*call, Place("functionCall", &place));
    }
    for (const auto name : kGoogles) {
        if (!field(part, name)) continue;
        reading_.note(Place(name, &place));
        return {};
    }
    if (field(part, "inlineData") || field(part, "fileData")) {
        reading_.refuse(Place(field(part, "inlineData") ? "inlineData" : "fileData", &place));
        return {};
    }
    if (field(part, "thoughtSignature")) return {};
    return bad_shape(place, "must hold text or functionCall in a model's turn");
}

void ModelTurn::add_signature(std::string_view signature, const Place& place) {
    auto read = read_signature(signature);
    if (read.foreign) reading_.note(Place("thoughtSignature", &place));
    for (auto& block : read.blocks) {
        // Clients that join the parts of a turn may repeat one.
        const bool known = std::find(blocks_.begin(), blocks_.end(), block) != blocks_.end();
        if (!known) blocks_.push_back(std::move(block));
    }
}

Result<void> ModelTurn::add_call(const json::object& call, const Place& place) {
    const auto name = text_field(call, "name");
    if (name.empty()) {
        return bad_shape(Place("name", &place), "must be a string that is not empty");
    }
    const auto* args = field(call, "args");
    if (args && !as_object(args)) return bad_shape(Place("args", &place), "must be an object");
    const auto own = text_field(call, "id");
    const auto id = own.empty()
                        ? "call_" + std::to_string(number_) + "_" + std::to_string(calls_.size())
                        : chat_call_id(own);
    tool_calls_.emplace_back(
        json::object{{"id", id},
                     {"type", "function"},
                     {"function",
                      {{"name", reading_.names.shorten(name)},
                       {"arguments", args ? json_tree::write(*args) : std::string("{}")}}}});
    calls_.push_back({std::string(name), id, !own.empty()});
    return {};
}

json::value ModelTurn::finish() {
    if (content_.empty() && tool_calls_.empty()) return nullptr;
    json::object message{{"role", "assistant"}};
    message["content"] = content_.empty() ? json::value(nullptr) : json::value(content_);
    if (thought_.empty()) thought_ = words_of(blocks_);
    if (!thought_.empty()) message["reasoning_content"] = thought_;
    if (!blocks_.empty()) message["thinking_blocks"] = std::move(blocks_);
    if (!tool_calls_.empty()) message["tool_calls"] = std::move(tool_calls_);
    return message;
}

}  // namespace patchbay::surface
