#include "engine/surface/gemini/generate_answer.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/gemini/grounding.hpp"
#include "engine/surface/gemini/thought_signature.hpp"
#include "engine/surface/hub/chat_parts.hpp"

namespace patchbay::surface {

namespace {

// What the model thought: in words, and as it has to come back.
struct Thoughts {
    std::string words;
    json::array blocks;
};

Thoughts thoughts_of(const json::object& message) {
    Thoughts thoughts;
    thoughts.words = reasoning_text(message);
    const auto* exact = find_array(message, "thinking_blocks");
    if (!exact) return thoughts;
    const bool told = !thoughts.words.empty();
    for (const auto& value : *exact) {
        const auto* block = as_object(&value);
        if (!block) continue;
        if (!told) json_tree::join(thoughts.words, text(*block, "thinking"));
        if (auto kept = replayed_block(*block); !kept.is_null()) {
            thoughts.blocks.push_back(std::move(kept));
        }
    }
    return thoughts;
}

void append_calls(const json::object& message, std::string_view chat_id, const ChatNames& names,
                  json::array& parts) {
    std::size_t number = 0;
    const auto add = [&](const json::object* function, std::string_view id,
                         std::string_view signature) {
        const auto name = function ? text(*function, "name") : std::string_view();
        if (name.empty()) return;
        const AnsweredCall call{std::string(id), std::string(name), arguments_text(*function),
                                std::string(signature), number++};
        parts.emplace_back(call_part(call, chat_id, names));
    };
    if (const auto* list = find_array(message, "tool_calls")) {
        for (const auto& value : *list) {
            const auto* call = as_object(&value);
            if (call) add(find_object(*call, "function"), text(*call, "id"), own_signature(*call));
        }
    }
    if (number == 0) add(find_object(message, "function_call"), {}, {});
}

json::object candidate_of(const json::object& choice, std::string_view chat_id,
                          const Answering& answering) {
    static const json::object nothing;
    const auto* told = find_object(choice, "message");
    const auto& message = told ? *told : nothing;
    Finish finish;
    finish.read(choice, told);
    json::array parts;
    const auto thoughts = thoughts_of(message);
    if (answering.thoughts && !thoughts.words.empty()) {
        parts.emplace_back(thought_part(thoughts.words));
    }
    const std::size_t first = parts.size();
    auto words = content_text(message);
    json_tree::join(words, text(message, "refusal"));
    if (!words.empty()) parts.emplace_back(text_part_of(words));
    if (const auto* images = find_array(message, "images")) {
        for (const auto& value : *images) {
            const auto* image = as_object(&value);
            auto part = image ? image_part_of(*image) : json::object();
            if (!part.empty()) parts.push_back(std::move(part));
        }
    }
    append_calls(message, chat_id, answering.names, parts);
    if (!thoughts.blocks.empty()) {
        if (parts.size() == first) parts.emplace_back(text_part_of({}));
        parts[first].get_object()["thoughtSignature"] = signature_of_blocks(thoughts.blocks);
    }
    json::object candidate{{"content", {{"parts", std::move(parts)}, {"role", "model"}}},
                           {"finishReason", finish.word()},
                           {"index", count(choice, "index")}};
    Grounding grounding;
    grounding.add_text(words);
    grounding.add(message);
    if (auto metadata = grounding.metadata(first); !metadata.empty()) {
        candidate["groundingMetadata"] = std::move(metadata);
    }
    if (auto result = logprobs_result(choice); !result.empty()) {
        candidate["logprobsResult"] = std::move(result);
    }
    LogprobSum logprobs;
    logprobs.add(choice);
    if (logprobs.tokens > 0) {
        candidate["avgLogprobs"] = logprobs.sum / static_cast<double>(logprobs.tokens);
    }
    return candidate;
}

}  // namespace

std::string generate_of_chat(std::string_view chat_answer, const Answering& answering) {
    const auto tree = json_tree::read(chat_answer);
    const json::object nothing;
    const auto* told = tree ? as_object(&tree.value) : nullptr;
    const auto& answer = told ? *told : nothing;
    const auto chat_id = answer_id(answer);
    json::array candidates;
    if (const auto* choices = find_array(answer, "choices")) {
        for (const auto& value : *choices) {
            const auto* choice = as_object(&value);
            if (choice) candidates.emplace_back(candidate_of(*choice, chat_id, answering));
        }
    }
    const bool has_id = !candidates.empty() || !text(answer, "id").empty();
    json::object written{{"candidates", std::move(candidates)}};
    if (auto usage = usage_metadata(find_object(answer, "usage")); !usage.empty()) {
        written["usageMetadata"] = std::move(usage);
    }
    written["modelVersion"] = answering.model;
    if (has_id) written["responseId"] = chat_id;
    return json_tree::write(written);
}

}  // namespace patchbay::surface
