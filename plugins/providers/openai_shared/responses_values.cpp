#include "responses_values.hpp"

#include <algorithm>

#include "failure/error_text.hpp"

namespace patchbay::openai {

void write_chat_head(const json::object& response, const ChatAnswerContext& context,
                     std::string_view object, ObjectText& chat) {
    const auto id = text(response, "id");
    const auto* created = find(response, "created_at");
    const auto seconds = created ? json_tree::number(*created).value_or(0) : 0;
    const bool sensible = seconds >= 1 && seconds < 1e12;
    chat.words("id", id.empty() ? std::string_view(context.own_id) : id);
    chat.words("object", object);
    chat.json("created",
              std::to_string(sensible ? static_cast<std::uint64_t>(seconds) : context.created));
    chat.words("model", text(response, "model", context.model));
}

std::string_view chat_finish_reason(const json::object& response, bool called,
                                    const ChatAnswerContext& context) {
    if (text(response, "status") == "incomplete") {
        const auto* details = find_object(response, "incomplete_details");
        return text(details, "reason") == "content_filter" ? "content_filter" : "length";
    }
    if (!called) return "stop";
    return context.functions ? "function_call" : "tool_calls";
}

bool is_failed(const json::object& response) {
    const auto status = text(response, "status");
    const auto* error = find(response, "error");
    return status == "failed" || status == "cancelled" || (error && shared::says_something(*error));
}

std::optional<ChatUsage> chat_usage(const json::object& response) {
    const auto* given = find_object(response, "usage");
    if (!given) return std::nullopt;
    const auto* input = find_object(*given, "input_tokens_details");
    const auto* output = find_object(*given, "output_tokens_details");
    ChatUsage usage;
    bay_usage& counts = usage.counts;
    counts.size = sizeof counts;
    counts.input_tokens = count(*given, "input_tokens");
    counts.output_tokens = count(*given, "output_tokens");
    counts.cached_input_tokens = count(input, "cached_tokens");
    counts.reasoning_tokens = count(output, "reasoning_tokens");
    const auto total = count(*given, "total_tokens");
    ObjectText chat(usage.json);
    chat.json("prompt_tokens", std::to_string(counts.input_tokens));
    chat.json("completion_tokens", std::to_string(counts.output_tokens));
    chat.json("total_tokens",
              std::to_string(total > 0 ? total : counts.input_tokens + counts.output_tokens));
    if (input) chat.value("prompt_tokens_details", *input);
    if (output) chat.value("completion_tokens_details", *output);
    chat.end();
    return usage;
}

void append_annotations(const json::array& given, std::uint64_t offset, json::array& annotations,
                        json::array& others) {
    for (const auto& value : given) {
        const auto* annotation = value.if_object();
        if (!annotation) continue;
        if (text(*annotation, "type") != "url_citation") {
            others.push_back(value);
            continue;
        }
        json::object citation;
        for (const auto& member : *annotation) {
            const std::string_view name = member.key();
            if (name == "type") continue;
            const bool place = name == "start_index" || name == "end_index";
            citation[name] =
                place ? json::value(count(*annotation, name) + offset) : member.value();
        }
        annotations.push_back({{"type", "url_citation"}, {"url_citation", std::move(citation)}});
    }
}

std::uint64_t length_of(std::string_view utf8) {
    return static_cast<std::uint64_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

json::value chat_image(const json::object& item, std::uint64_t index) {
    const auto data = text(item, "result");
    if (data.empty()) return nullptr;
    std::string url = "data:image/";
    url.append(text(item, "output_format", "png")).append(";base64,").append(data);
    return {{"type", "image_url"}, {"image_url", {{"url", url}}}, {"index", index}};
}

bool is_call(std::string_view type) {
    return type == "function_call" || type == "custom_tool_call";
}

}  // namespace patchbay::openai
