#include "conversation.hpp"

namespace patchbay::demo {
namespace {

struct Content {
    std::string text;
    std::uint64_t images = 0;
};

// "content" is a string or a list of parts.
Content read_content(const json::object& message) {
    Content content;
    content.text = shared::text(&message, "content");
    const json::array* parts = find_array(&message, "content");
    if (!parts) return content;
    for (const json::value& part : *parts) {
        const json::object* object = part.if_object();
        if (shared::text(object, "type") == "image_url") ++content.images;
        const std::string_view text = shared::text(object, "text");
        if (!content.text.empty() && !text.empty()) content.text += '\n';
        content.text += text;
    }
    return content;
}

}  // namespace

Conversation read_conversation(const json::array& messages) {
    Conversation conversation;
    for (const json::value& value : messages) {
        const json::object* message = value.if_object();
        if (!message) continue;
        Content content = read_content(*message);
        conversation.words += count_words(content.text);
        const std::string_view role = shared::text(message, "role");
        conversation.ends_with_tool = role == "tool" || role == "function";
        if (conversation.ends_with_tool) conversation.last_tool = std::move(content.text);
        if (role == "user") {
            conversation.last_user = std::move(content.text);
            conversation.images = content.images;
        }
    }
    return conversation;
}

std::uint64_t count_words(std::string_view text) {
    std::uint64_t words = 0;
    bool inside = false;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        words += !space && !inside;
        inside = !space;
    }
    return words;
}

}  // namespace patchbay::demo
