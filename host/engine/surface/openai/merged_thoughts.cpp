#include "engine/surface/openai/merged_thoughts.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "engine/surface/hub/mentions.hpp"
#include "engine/surface/hub/tree.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kThoughts = "reasoning_content";

bool may_think(std::string_view json) {
    return mentions(json, R"("reasoning_content")");
}

bool is_given(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && !value->is_null() && !(value->is_array() && value->get_array().empty());
}

// Does a message or delta say something, or call a tool, so that the thoughts before it are over?
bool speaks(const json::object& message) {
    return !text(message, "content").empty() || is_given(message, "tool_calls") ||
           is_given(message, "function_call");
}

json::array* choices_of(json::value& tree) {
    auto* answer = tree.if_object();
    auto* choices = answer ? answer->if_contains("choices") : nullptr;
    return choices ? choices->if_array() : nullptr;
}

json::object* member_of(json::value& choice, std::string_view name) {
    auto* object = choice.if_object();
    auto* member = object ? object->if_contains(name) : nullptr;
    return member ? member->if_object() : nullptr;
}

// Content in parts stays: a text cannot stand before it.
bool takes_text(const json::object& message) {
    const auto* content = message.if_contains("content");
    return !content || content->is_null() || content->is_string();
}

void put_before(json::object& message, std::string words) {
    message["content"] = words.append(text(message, "content"));
    message.erase(kThoughts);
}

}  // namespace

std::optional<std::string> MergedThoughts::whole(std::string_view json) const {
    if (!may_think(json)) return std::nullopt;
    auto tree = json_tree::read(json);
    auto* choices = tree ? choices_of(tree.value) : nullptr;
    if (!choices) return std::nullopt;
    bool changed = false;
    for (auto& choice : *choices) {
        auto* message = member_of(choice, "message");
        if (!message || !takes_text(*message)) continue;
        const auto thoughts = text(*message, kThoughts);
        if (thoughts.empty()) continue;
        put_before(*message, std::string(kOpen).append(thoughts).append(kClose));
        changed = true;
    }
    if (!changed) return std::nullopt;
    return json_tree::write(tree.value);
}

bool MergedThoughts::thinks(std::uint64_t choice) const {
    return std::find(thinking_.begin(), thinking_.end(), choice) != thinking_.end();
}

void MergedThoughts::note(std::uint64_t choice, bool thinks) {
    std::erase(thinking_, choice);
    if (thinks) thinking_.push_back(choice);
}

bool MergedThoughts::chunk(std::string_view json, std::vector<std::string>& chunks) {
    if (thinking_.empty() && !may_think(json)) return false;
    auto tree = json_tree::read(json);
    auto* choices = tree ? choices_of(tree.value) : nullptr;
    if (!choices) return false;
    bool changed = false;
    for (auto& choice : *choices) {
        auto* delta = member_of(choice, "delta");
        if (!delta || !takes_text(*delta)) continue;
        const auto* number = choice.get_object().if_contains("index");
        const auto index =
            number && number->is_int64() ? static_cast<std::uint64_t>(number->get_int64()) : 0;
        if (index >= kMostChoices) continue;
        const bool open = thinks(index);
        const auto thoughts = text(*delta, kThoughts);
        const bool over = speaks(*delta) || is_given(choice.get_object(), "finish_reason");
        const bool closes = over && (open || !thoughts.empty());
        if (thoughts.empty() && !closes) continue;
        std::string words;
        if (!open && !thoughts.empty()) words = kOpen;
        words.append(thoughts);
        if (closes) words.append(kClose);
        note(index, !closes);
        put_before(*delta, std::move(words));
        changed = true;
    }
    if (!changed) return false;
    chunks.push_back(json_tree::write(tree.value));
    return true;
}

}  // namespace patchbay::surface
