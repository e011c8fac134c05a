#include "engine/surface/hub/chat_parts.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>

#include "engine/kept/kept_responses.hpp"

namespace patchbay::surface {

const json::object* first_choice(const json::object& answer) {
    const auto* choices = find_array(answer, "choices");
    if (!choices) return nullptr;
    for (const auto& value : *choices) {
        const auto* choice = as_object(&value);
        if (choice && surface::count(*choice, "index") == 0) return choice;
    }
    return nullptr;
}

std::string answer_id(const json::object& answer) {
    const auto id = text(answer, "id");
    return id.empty() ? KeptResponses::new_id() : std::string(id);
}

std::string content_text(const json::object& message) {
    std::string words(text(message, "content"));
    const auto* parts = find_array(message, "content");
    if (!parts) return words;
    for (const auto& part : *parts) {
        const auto* object = as_object(&part);
        if (object) json_tree::join(words, text(*object, "text"));
    }
    return words;
}

std::string_view reasoning_text(const json::object& message) {
    const auto words = text(message, "reasoning_content");
    return words.empty() ? text(message, "reasoning") : words;
}

std::string arguments_text(const json::object& function) {
    const auto* arguments = find(function, "arguments");
    if (!arguments) return {};
    const auto* words = arguments->if_string();
    return words ? std::string(view(*words)) : json_tree::write(*arguments);
}

json::object tool_input(std::string_view arguments) {
    if (arguments.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
    const auto tree = json_tree::read(arguments);
    if (const auto* object = tree ? as_object(&tree.value) : nullptr) return *object;
    if (tree && tree.value.is_null()) return {};
    return {{"arguments", arguments}};
}

CallPieces::Place CallPieces::place(const json::object& piece) {
    const auto* function = find_object(piece, "function");
    const auto* custom = find_object(piece, "custom");
    const auto* told = function ? function : custom;
    const auto id = text(piece, "id");
    const bool begins = !id.empty() && told && !text(*told, "name").empty();
    auto index = surface::count(piece, "index");
    if (!find(piece, "index")) index = begins || next_index_ == 0 ? next_index_ : next_index_ - 1;
    next_index_ = std::max(next_index_, index + 1);
    const auto known = std::find_if(calls_.rbegin(), calls_.rend(),
                                    [&](const Call& seen) { return seen.index == index; });
    const bool other = known != calls_.rend() && begins && !known->id.empty() && known->id != id;
    if (known != calls_.rend() && !other) {
        return {static_cast<std::size_t>(calls_.rend() - known) - 1, false};
    }
    calls_.push_back({index, std::string(id)});
    return {calls_.size() - 1, true};
}

}  // namespace patchbay::surface
