#include "engine/surface/openai/response_answer.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/chat_parts.hpp"

namespace patchbay::surface {

namespace {

// The items of one answer, with their ids.
class Output {
  public:
    Output(std::string_view seed, const ResponseRequest& request)
        : seed_(seed), request_(request) {}

    void add_reasoning(const json::object& message) {
        const auto* told = find_array(message, "thinking_blocks");
        std::string thought(reasoning_text(message));
        const bool in_words = !thought.empty();
        json::array exact;
        for (std::size_t i = 0; told && i < told->size(); ++i) {
            const auto* block = as_object(&(*told)[i]);
            if (!block) continue;
            if (!in_words) json_tree::join(thought, text(*block, "thinking"));
            // What is not signed need not come back exactly.
            const bool sealed = !text(*block, "signature").empty() || block->contains("data");
            if (sealed) exact.push_back((*told)[i]);
        }
        if (thought.empty() && exact.empty()) return;
        items_.push_back(reasoning_item(next_id("rs_"), thought, exact));
    }

    void add_message(const json::object& choice, const json::object& message) {
        json::array content;
        if (const auto words = content_text(message); !words.empty()) {
            content.push_back(text_part_of(words, flat_annotations(message), logprobs_of(choice)));
        }
        if (const auto words = text(message, "refusal"); !words.empty()) {
            content.push_back(refusal_part_of(words));
        }
        if (content.empty()) return;
        items_.push_back(message_item(next_id("msg_"), std::move(content), "completed"));
    }

    void add_images(const json::object& message) {
        const auto* images = find_array(message, "images");
        if (!images) return;
        for (const auto& value : *images) {
            const auto* image = as_object(&value);
            auto item = image ? image_item(next_id("ig_"), *image) : json::object();
            if (!item.empty()) items_.push_back(std::move(item));
        }
    }

    void add_calls(const json::object& message) {
        if (const auto* list = find_array(message, "tool_calls"); list && !list->empty()) {
            for (const auto& value : *list) {
                const auto* call = as_object(&value);
                const auto* function = call ? find_object(*call, "function") : nullptr;
                if (function) add_call(text(*call, "id"), *function);
            }
        } else if (const auto* function = find_object(message, "function_call")) {
            add_call({}, *function);
        }
    }

    /// The array; what came last is as incomplete as the answer.
    std::string finish(const ResponseEnd& end) {
        if (!items_.empty() && items_.back().get_object().contains("status")) {
            items_.back().get_object()["status"] = end.status;
        }
        return json_tree::write(items_);
    }

  private:
    std::string next_id(std::string_view prefix) const {
        return item_id(prefix, std::string(seed_) + "_" + std::to_string(items_.size()));
    }

    void add_call(std::string_view id, const json::object& function) {
        const CalledTool tool = called_tool(request_, text(function, "name"));
        if (tool.name.empty()) return;
        const auto own = next_id(tool.prefix());
        const auto call_id = id.empty() ? item_id("call_", own) : chat_call_id(id);
        const auto arguments = arguments_text(function);
        items_.push_back(
            call_item(own, call_id, tool, arguments.empty() ? "{}" : arguments, "completed"));
    }

    std::string_view seed_;
    const ResponseRequest& request_;
    json::array items_;
};

}  // namespace

std::string response_of_chat(std::string_view chat_answer, const ResponseRequest& request,
                             std::uint64_t now) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(chat_answer, &memory);
    const json::object nothing;
    const auto* told = tree ? as_object(&tree.value) : nullptr;
    const auto& answer = told ? *told : nothing;
    ResponseState state{.id = text(answer, "id")};
    state.created_at = count(answer, "created");
    if (state.created_at == 0) state.created_at = now;
    Output output(id_seed(request, state.id), request);
    ResponseEnd end;
    if (const auto* choice = first_choice(answer)) {
        end = response_end(text(*choice, "finish_reason"));
        if (const auto* message = find_object(*choice, "message")) {
            output.add_reasoning(*message);
            output.add_message(*choice, *message);
            output.add_images(*message);
            output.add_calls(*message);
        }
    }
    const auto items = output.finish(end);
    const auto usage = response_usage(find_object(answer, "usage"));
    state.status = end.status;
    state.incomplete = end.incomplete;
    state.output = items;
    state.usage = usage;
    state.service_tier = text(answer, "service_tier");
    return response_text(request, state);
}

}  // namespace patchbay::surface
