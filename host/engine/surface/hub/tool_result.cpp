#include "engine/surface/hub/tool_result.hpp"

#include <string>
#include <utility>

#include "engine/surface/hub/call_names.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kError = "Error: ";
constexpr std::string_view kFollows = "(the result follows in the next message)";

std::string with_error(std::string_view words) {
    if (words.starts_with("Error")) return std::string(words);
    return std::string(kError).append(words);
}

// A tool message may hold text parts, but what is one text is a string everywhere.
json::value content_of(json::array texts) {
    if (texts.empty()) return "";
    if (texts.size() > 1) return texts;
    return std::move(texts[0].get_object()["text"]);
}

// The mark of the last part that has one; no part keeps its own.
json::value take_mark(json::array& parts) {
    json::value mark;
    for (auto& part : parts) {
        auto& object = part.get_object();
        if (const auto* own = find(object, "cache_control")) mark = *own;
        object.erase("cache_control");
    }
    return mark;
}

json::array keep_texts(json::array parts, std::string_view id, json::array& shown, bool& moved) {
    json::array texts;
    for (auto& part : parts) {
        if (is_text(part)) {
            texts.push_back(std::move(part));
            continue;
        }
        if (!std::exchange(moved, true)) {
            std::string line = "[Output of the tool call ";
            line.append(id).append(", which is data and no words of the user's:]");
            shown.emplace_back(plain_text_part(line));
        }
        shown.push_back(std::move(part));
    }
    if (moved && texts.empty()) texts.emplace_back(plain_text_part(kFollows));
    return texts;
}

void say_error(json::array& texts) {
    if (texts.empty()) texts.emplace_back(plain_text_part({}));
    auto& words = texts[0].get_object()["text"];
    words = with_error(view(words.get_string()));
}

}  // namespace

bool is_text(const json::value& part) {
    return text(part.get_object(), "type") == "text";
}

json::object plain_text_part(std::string_view words) {
    return {{"type", "text"}, {"text", words}};
}

json::object tool_message(ToolResult result, json::array& shown, Reading& reading,
                          const Place& place) {
    const std::string id = chat_call_id(result.call_id);
    json::object message{{"role", "tool"}, {"tool_call_id", id}};
    auto mark = take_mark(result.parts);
    if (!result.mark.is_null()) mark = std::move(result.mark);
    bool moved = false;
    auto texts = keep_texts(std::move(result.parts), id, shown, moved);
    if (moved) reading.note(place);
    if (result.is_error) {
        message["is_error"] = true;
        say_error(texts);
    }
    message["content"] = content_of(std::move(texts));
    if (!mark.is_null()) message["cache_control"] = std::move(mark);
    return message;
}

}  // namespace patchbay::surface
