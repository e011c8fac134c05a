// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <array>
#include <utility>

#include "chat/delta.hpp"

namespace patchbay::bedrock {

namespace {

struct Count {
    std::string_view from;
    std::string_view to;
};
// Anthropic's words for the same counts; its usage, too, leaves out of the input what was cached.
constexpr std::array kCounts{
    Count{"inputTokens", "input_tokens"},
    Count{"outputTokens", "output_tokens"},
    Count{"cacheReadInputTokens", "cache_read_input_tokens"},
    Count{"cacheWriteInputTokens", "cache_creation_input_tokens"},
};

json::object cached_by_time(const json::array& details) {
    json::object made;
    for (const auto& value : details) {
        const auto* row = value.if_object();
        const auto ttl = text(row, "ttl");
        if (ttl != "5m" && ttl != "1h") continue;
        made["ephemeral_" + std::string(ttl) + "_input_tokens"] = count(row, "inputTokens");
    }
    return made;
}

// Pieces of a call are one call.
void join_calls(json::object& message) {
    auto* calls = find(message, "tool_calls");
    if (!calls) return;
    json::array joined;
    for (auto& value : calls->get_array()) {
        auto& piece = value.get_object();
        const auto index = count(piece, "index");
        if (index < joined.size()) {
            shared::add_delta(json::object{{"function", std::move(piece["function"])}},
                              joined[index].get_object());
        } else {
            joined.push_back(std::move(value));
        }
    }
    *calls = std::move(joined);
}

}  // namespace

void take_usage(const json::object& answer, anthropic::Usage& usage) {
    json::object told;
    if (const auto* counts = find_object(answer, "usage")) {
        for (const auto& [from, to] : kCounts) {
            if (const auto* value = find(*counts, from)) told[to] = *value;
        }
        if (const auto* details = find_array(*counts, "cacheDetails")) {
            if (auto created = cached_by_time(*details); !created.empty()) {
                told["cache_creation"] = std::move(created);
            }
        }
    }
    const auto* fields = find_object(answer, "additionalModelResponseFields");
    const auto* inner = fields ? find_object(*fields, "usage") : nullptr;
    const auto* details = inner ? find(*inner, "output_tokens_details") : nullptr;
    if (details) told["output_tokens_details"] = *details;
    const auto tier = text(find_object(answer, "serviceTier"), "type");
    if (!tier.empty()) told["service_tier"] = tier;
    usage.merge(told);
}

Result<Answer> translate_answer(std::string_view converse_json, const AnswerContext& context) {
    const auto parsed = parse_json(converse_json);
    const auto* told = parsed ? parsed->if_object() : nullptr;
    if (!told) return unreadable("not a JSON object");
    const auto* output = find_object(*told, "output");
    const auto* said = output ? find_object(*output, "message") : nullptr;
    const auto* content = said ? find_array(*said, "content") : nullptr;
    if (!content) return unreadable("it holds no message with content");
    Blocks blocks(context);
    Blocks::Deltas deltas;
    json::array thoughts;
    for (const auto& value : *content) {
        const auto* block = value.if_object();
        if (!block) return unreadable("a content block is no object");
        if (const auto* thought = find(*block, "reasoningContent")) thoughts.push_back(*thought);
        if (auto added = blocks.whole(*block, deltas); !added) return added.error();
    }
    blocks.end(deltas);
    const auto stop_reason = text(*told, "stopReason");
    if (blocks.is_broken(stop_reason)) return unreadable("a call of the model's that is none");

    json::object message{{"role", "assistant"}, {"content", ""}};
    for (auto& delta : deltas) shared::add_delta(std::move(delta), message);
    join_calls(message);
    if (!thoughts.empty()) {
        json::object own{{"reasoningContentBlocks", std::move(thoughts)}};
        shared::add_delta(json::object{{"provider_specific_fields", std::move(own)}}, message);
        if (!message.contains("reasoning_content")) message["reasoning_content"] = "";
    }
    Answer answer;
    take_usage(*told, answer.usage);
    if (blocks.thought()) answer.usage.saw_thought();
    json::object fields;
    if (const auto reason = telling_reason(stop_reason); context.translated && !reason.empty()) {
        fields["native_finish_reason"] = reason;
    }
    auto made =
        shared::whole_chat(context.head, std::move(message), blocks.finish_reason(stop_reason),
                           answer.usage.to_openai(), std::move(fields));
    if (const auto* trace = find(*told, "trace")) made["trace"] = *trace;
    if (const auto tier = text(find_object(*told, "serviceTier"), "type"); !tier.empty()) {
        made["service_tier"] = tier;
    }
    answer.json = to_text(json::value(std::move(made)));
    return answer;
}

}  // namespace patchbay::bedrock
