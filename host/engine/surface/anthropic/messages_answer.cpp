#include "engine/surface/anthropic/messages_answer.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/anthropic/answer_values.hpp"
#include "engine/surface/hub/answer_blocks.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

namespace {

// Only what Anthropic's clients know: other members are the provider's or LiteLLM's.
json::value thinking_block(const json::object& block) {
    const auto type = text(block, "type");
    if (type == "redacted_thinking") return {{"type", type}, {"data", text(block, "data")}};
    return {{"type", "thinking"},
            {"thinking", text(block, "thinking")},
            {"signature", text(block, "signature")}};
}

void append_thinking(const json::object& message, json::array& blocks) {
    if (const auto* exact = find_array(message, "thinking_blocks"); exact && !exact->empty()) {
        for (const auto& value : *exact) {
            if (const auto* block = as_object(&value)) blocks.push_back(thinking_block(*block));
        }
        return;
    }
    const auto words = reasoning_text(message);
    if (words.empty()) return;
    blocks.emplace_back(json::object{{"type", "thinking"}, {"thinking", words}, {"signature", ""}});
}

void append_text(const json::object& message, json::array& blocks) {
    auto words = content_text(message);
    json_tree::join(words, text(message, "refusal"));
    if (const auto* images = find_array(message, "images")) {
        for (std::size_t i = 0; i < images->size(); ++i) words += kImageNote;
    }
    if (words.empty()) return;
    blocks.emplace_back(json::object{{"type", "text"}, {"text", words}});
}

class Calls {
  public:
    Calls(std::string_view chat_id, const ChatNames& names, json::array& blocks)
        : chat_id_(chat_id), names_(names), blocks_(blocks) {}

    void add(const json::object* function, std::string_view id) {
        const auto name = function ? text(*function, "name") : std::string_view();
        if (name.empty()) return;
        blocks_.emplace_back(json::object{{"type", "tool_use"},
                                          {"id", tool_use_id(id, chat_id_, count_)},
                                          {"name", names_.original(name)},
                                          {"input", tool_input(arguments_text(*function))}});
        ++count_;
    }
    std::size_t count() const { return count_; }

  private:
    std::string_view chat_id_;
    const ChatNames& names_;
    json::array& blocks_;
    std::size_t count_ = 0;
};

bool append_calls(const json::object& message, Calls calls) {
    if (const auto* list = find_array(message, "tool_calls")) {
        for (const auto& value : *list) {
            const auto* call = as_object(&value);
            if (call) calls.add(find_object(*call, "function"), text(*call, "id"));
        }
    }
    if (calls.count() == 0) calls.add(find_object(message, "function_call"), {});
    return calls.count() > 0;
}

}  // namespace

std::string message_of_chat(std::string_view chat_answer, std::string_view model,
                            const ChatNames& names) {
    const auto tree = json_tree::read(chat_answer);
    const json::object nothing;
    const auto* told = tree ? as_object(&tree.value) : nullptr;
    const auto& answer = told ? *told : nothing;
    const auto chat_id = told ? answer_id(answer) : std::string();
    json::array content;
    Ending ending;
    if (const auto* choice = first_choice(answer)) {
        const auto* message = find_object(*choice, "message");
        ending.read(*choice, message);
        if (message) {
            append_thinking(*message, content);
            append_text(*message, content);
            ending.called = append_calls(*message, Calls(chat_id, names, content));
        }
    }
    json::object written{{"id", message_id(chat_id)},
                         {"type", "message"},
                         {"role", "assistant"},
                         {"model", model},
                         {"content", std::move(content)}};
    ending.write(written);
    written["usage"] = messages_usage(find_object(answer, "usage"));
    return json_tree::write(written);
}

}  // namespace patchbay::surface
