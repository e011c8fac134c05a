#include "engine/surface/openai/completions_answer.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/stream_fault.hpp"

namespace patchbay::surface {

namespace {

std::size_t characters(std::string_view words) {
    return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

// The tokens with their places in the text, in lists beside each other.
json::value logprobs_of_choice(const json::object& choice, std::size_t offset) {
    const auto* logprobs = find_object(choice, "logprobs");
    const auto* content = logprobs ? find_array(*logprobs, "content") : nullptr;
    if (!content) return nullptr;
    json::array tokens, values, tops, offsets;
    for (const auto& value : *content) {
        const auto* entry = as_object(&value);
        if (!entry) continue;
        const auto token = text(*entry, "token");
        tokens.emplace_back(token);
        const auto* logprob = find(*entry, "logprob");
        values.push_back(logprob ? *logprob : json::value());
        json::object top;
        if (const auto* list = find_array(*entry, "top_logprobs")) {
            for (const auto& one : *list) {
                const auto* other = as_object(&one);
                const auto* its = other ? find(*other, "logprob") : nullptr;
                if (its) top[text(*other, "token")] = *its;
            }
        }
        tops.push_back(std::move(top));
        offsets.emplace_back(offset);
        offset += characters(token);
    }
    return {{"tokens", std::move(tokens)},
            {"token_logprobs", std::move(values)},
            {"top_logprobs", std::move(tops)},
            {"text_offset", std::move(offsets)}};
}

json::value reason_of(const json::object& choice) {
    const auto reason = text(choice, "finish_reason");
    if (reason.empty()) return nullptr;
    const bool called = reason == "tool_calls" || reason == "function_call";
    return called ? json::value("stop") : json::value(reason);
}

// The id is that of the chat answer, as at LiteLLM.
json::object head_of(const json::object& answer, const CompletionRequest& request) {
    json::object head{{"id", text(answer, "id")}, {"object", "text_completion"}};
    if (const auto* created = find(answer, "created")) head["created"] = *created;
    head["model"] = request.model;
    if (const auto* print = find(answer, "system_fingerprint")) head["system_fingerprint"] = *print;
    return head;
}

}  // namespace

std::string completion_of_chat(std::string_view chat_answer, const CompletionRequest& request) {
    const auto tree = json_tree::read(chat_answer);
    const json::object nothing;
    const auto* told = tree ? as_object(&tree.value) : nullptr;
    const auto& answer = told ? *told : nothing;
    json::object made = head_of(answer, request);
    json::array choices;
    if (const auto* list = find_array(answer, "choices")) {
        for (const auto& value : *list) {
            const auto* choice = as_object(&value);
            if (!choice) continue;
            const auto* message = find_object(*choice, "message");
            std::string words = request.echo;
            if (message) json_tree::join(words, content_text(*message));
            choices.push_back({{"text", words},
                               {"index", count(*choice, "index")},
                               {"logprobs", logprobs_of_choice(*choice, characters(request.echo))},
                               {"finish_reason", reason_of(*choice)}});
        }
    }
    made["choices"] = std::move(choices);
    if (const auto* usage = find_object(answer, "usage")) made["usage"] = *usage;
    return json_tree::write(made);
}

Result<void> CompletionStream::chunk(std::string_view chunk_json, const EmitEvent& emit) {
    const auto tree = json_tree::read(chunk_json);
    const auto* chunk = tree ? as_object(&tree.value) : nullptr;
    if (!chunk) return stream_fault("a chunk is no JSON object");
    json::object made = head_of(*chunk, request_);
    json::array choices;
    if (const auto* list = find_array(*chunk, "choices")) {
        for (const auto& value : *list) {
            const auto* choice = as_object(&value);
            if (!choice) continue;
            const auto* delta = find_object(*choice, "delta");
            const auto index = count(*choice, "index");
            const auto known = told_.find(index);
            std::string words = known == told_.end() ? request_.echo : std::string();
            std::size_t& told = told_[index];
            auto logprobs = logprobs_of_choice(*choice, told + characters(words));
            if (delta) json_tree::join(words, content_text(*delta));
            auto reason = reason_of(*choice);
            if (words.empty() && reason.is_null() && logprobs.is_null()) continue;
            told += characters(words);
            choices.push_back({{"text", words},
                               {"index", index},
                               {"logprobs", std::move(logprobs)},
                               {"finish_reason", std::move(reason)}});
        }
    }
    if (!choices.empty()) {
        made["choices"] = std::move(choices);
        emit({}, json_tree::write(made));
    }
    const auto* usage = find_object(*chunk, "usage");
    if (!usage || !request_.include_usage) return {};
    made["choices"] = json::array();
    made["usage"] = *usage;
    emit({}, json_tree::write(made));
    return {};
}

}  // namespace patchbay::surface
