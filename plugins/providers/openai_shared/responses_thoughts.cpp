#include "responses_thoughts.hpp"

#include "envelope/envelope.hpp"

namespace patchbay::openai {

namespace {

std::string joined(const json::array* parts) {
    std::string words;
    if (!parts) return words;
    for (const auto& value : *parts) {
        const auto* part = value.if_object();
        const auto piece = part ? text(*part, "text") : std::string_view();
        if (!words.empty() && !piece.empty()) words += kBetweenThoughts;
        json_tree::join(words, piece);
    }
    return words;
}

void append_item(std::string_view summary, std::string_view encrypted, ListText& items) {
    ObjectText item(items.element());
    item.words("type", "reasoning");
    ListText parts(item.member("summary"));
    if (!summary.empty()) {
        ObjectText part(parts.element());
        part.words("type", "summary_text");
        part.words("text", summary);
        part.end();
    }
    parts.end();
    item.words("encrypted_content", encrypted);
    item.end();
}

}  // namespace

std::string thought_of(const json::object& item) {
    std::string summary = joined(find_array(item, "summary"));
    return summary.empty() ? joined(find_array(item, "content")) : summary;
}

json::value thinking_block(const json::object& item, std::string_view thought) {
    const auto encrypted = text(item, "encrypted_content");
    if (encrypted.empty()) return nullptr;
    const std::string envelope = shared::sealed(shared::kOfResponses, encrypted);
    if (thought.empty()) return {{"type", "redacted_thinking"}, {"data", envelope}};
    return {{"type", "thinking"}, {"thinking", thought}, {"signature", envelope}};
}

void append_thoughts(const json::object& message, ListText& items) {
    if (const auto* blocks = find_array(message, "thinking_blocks")) {
        for (const auto& value : *blocks) {
            const auto* block = value.if_object();
            if (!block) continue;
            const bool redacted = text(*block, "type") == "redacted_thinking";
            const auto sealed = text(*block, redacted ? "data" : "signature");
            const auto encrypted = shared::opened(sealed, shared::kOfResponses);
            if (encrypted) append_item(text(*block, "thinking"), *encrypted, items);
        }
    } else if (const auto* given = find_array(message, "reasoning_items")) {
        for (const auto& value : *given) {
            const auto* item = value.if_object();
            const auto encrypted = item ? text(*item, "encrypted_content") : std::string_view();
            if (!encrypted.empty()) append_item(thought_of(*item), encrypted, items);
        }
    }
}

}  // namespace patchbay::openai
