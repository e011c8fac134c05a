// SPDX-License-Identifier: Apache-2.0
#include "response.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "server_calls.hpp"

namespace patchbay::anthropic {

namespace {

class MessageBuilder {
  public:
    explicit MessageBuilder(const AnswerContext& context) : context_(context) {}

    Result<void> add(const json::object& block) {
        const auto type = text(block, "type");
        place_ = blocks_++;
        if (type == "text") return add_text(block);
        if (type == "tool_use") return add_tool_use(block);
        if (type == "thinking") {
            json_tree::join(reasoning_, text(block, "thinking"));
            // Without a signature it could not be sent back.
            if (!text(block, "signature").empty()) thinking_blocks_.emplace_back(block);
            thought_ = true;
        } else if (type == "redacted_thinking") {
            thinking_blocks_.emplace_back(block);
            thought_ = true;
        } else if (type == "compaction") {
            compaction_blocks_.emplace_back(block);
        } else if (type == "server_tool_use") {
            add_server_call(block);
        } else if (type == "web_search_tool_result") {
            end_search_of(block);
            web_search_results_.emplace_back(block);
        } else if (type.ends_with("_tool_result")) {
            context_.tool_names.restore_references(tool_results_.emplace_back(block));
        }
        return {};  // block types yet to come say nothing to the client
    }

    bool answered_in_json() const { return answered_in_json_; }
    bool has_tool_calls() const { return !tool_calls_.empty(); }
    bool thought() const { return thought_; }

    json::object finish(std::string_view stop_reason) {
        if (!context_.prefix.empty() && !answered_in_json_ &&
            !content_.starts_with(context_.prefix)) {
            content_.insert(0, context_.prefix);
        }
        json::object message{{"role", "assistant"}};
        message["content"] = content_.empty() ? json::value(nullptr) : json::value(content_);
        message["tool_calls"] =
            tool_calls_.empty() ? json::value(nullptr) : json::value(std::move(tool_calls_));
        message["function_call"] = nullptr;
        json::object extra;
        if (!citations_.empty()) extra["citations"] = std::move(citations_);
        if (thought_) message["reasoning_content"] = reasoning_;
        if (!thinking_blocks_.empty()) {
            extra["thinking_blocks"] = thinking_blocks_;
            message["thinking_blocks"] = std::move(thinking_blocks_);
        }
        if (!compaction_blocks_.empty()) {
            extra["compaction_blocks"] = std::move(compaction_blocks_);
        }
        if (!web_search_results_.empty()) {
            extra["web_search_results"] = std::move(web_search_results_);
        }
        if (!searches_.empty()) extra["web_search_calls"] = std::move(searches_);
        if (!server_calls_.empty()) extra["server_tool_calls"] = std::move(server_calls_);
        if (!tool_results_.empty()) extra["tool_results"] = std::move(tool_results_);
        if (const auto reason = telling_stop_reason(stop_reason); !reason.empty()) {
            extra["stop_reason"] = reason;
        }
        if (!annotations_.empty()) message["annotations"] = std::move(annotations_);
        if (!extra.empty()) message["provider_specific_fields"] = std::move(extra);
        return message;
    }

  private:
    Result<void> add_text(const json::object& block) {
        if (answered_in_json_) return {};
        const auto start = characters(content_);
        json_tree::join(content_, text(block, "text"));
        if (const auto* citations = find_array(block, "citations")) {
            annotate(*citations, start, characters(content_), annotations_);
            auto& kept = citations_.emplace_back(*citations).as_array();
            for (auto& citation : kept) {
                if (auto* object = citation.if_object()) {
                    (*object)["supported_text"] = text(block, "text");
                }
            }
        }
        return {};
    }

    void add_server_call(const json::object& block) {
        const json::value nothing = json::object();
        const auto* given = find(block, "input");
        const auto input = to_text(given ? *given : nothing);
        const auto id = text(block, "id");
        server_calls_.emplace_back(server_call(id, text(block, "name"), input, place_));
        if (is_search(text(block, "name"))) searches_.emplace_back(search_call(id, input));
    }

    void end_search_of(const json::object& block) {
        const std::string id = "ws_" + std::string(text(block, "tool_use_id"));
        for (auto& value : searches_) {
            if (text(value.as_object(), "id") == id) end_search(block, value.as_object());
        }
    }

    Result<void> add_tool_use(const json::object& block) {
        const auto* input = find(block, "input");
        const auto name = text(block, "name");
        if (name.empty()) return unreadable("a tool_use block has no name");
        const json::value nothing = json::object();
        if (context_.json_mode != JsonMode::off && name == kJsonToolName) {
            // Words around the JSON would make the content no JSON.
            content_ = json_content(input ? *input : nothing, context_.json_mode);
            answered_in_json_ = true;
            return {};
        }
        tool_calls_.emplace_back(
            json::object{{"index", tool_calls_.size()},
                         {"id", text(block, "id")},
                         {"type", "function"},
                         {"function",
                          {{"name", context_.tool_names.original(name)},
                           {"arguments", to_text(input ? *input : nothing)}}}});
        return {};
    }

    const AnswerContext& context_;
    std::string content_;
    std::string reasoning_;
    json::array tool_calls_;
    json::array thinking_blocks_;
    json::array compaction_blocks_;  ///< summaries that stand for what was said before
    json::array citations_;
    json::array annotations_;
    json::array web_search_results_;
    json::array searches_;
    json::array server_calls_;
    std::size_t blocks_ = 0;
    std::size_t place_ = 0;  ///< of the block in hand
    json::array tool_results_;
    bool thought_ = false;
    bool answered_in_json_ = false;
};

}  // namespace

std::string_view finish_reason(std::string_view stop_reason) {
    if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded" ||
        stop_reason == "pause_turn") {
        return "length";
    }
    if (stop_reason == "tool_use") return "tool_calls";
    if (stop_reason == "refusal") return "content_filter";
    return "stop";
}

std::string_view telling_stop_reason(std::string_view stop_reason) {
    return stop_reason == "refusal" || stop_reason == "pause_turn" ? stop_reason
                                                                   : std::string_view();
}

std::string completion_id(std::string_view upstream_id, const AnswerContext& context) {
    if (upstream_id.empty()) return "chatcmpl-" + context.request_id;
    return std::string(context.id_prefix).append(upstream_id);
}

void annotate(const json::array& citations, std::uint64_t start, std::uint64_t end,
              json::array& annotations) {
    for (const auto& value : citations) {
        const auto* citation = value.if_object();
        if (!citation || text(*citation, "type") != "web_search_result_location") continue;
        annotations.emplace_back(json::object{{"type", "url_citation"},
                                              {"url_citation",
                                               {{"url", text(*citation, "url")},
                                                {"title", text(*citation, "title")},
                                                {"start_index", start},
                                                {"end_index", end}}}});
    }
}

std::uint64_t characters(std::string_view utf8) {
    return static_cast<std::uint64_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

Result<Answer> translate_answer(std::string_view upstream_json, const AnswerContext& context) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto parsed = parse_json(upstream_json, &memory);
    const auto* message = parsed ? parsed->if_object() : nullptr;
    if (!message) return unreadable("not a JSON object");
    const auto* content = find_array(*message, "content");
    if (!content) return unreadable("\"content\" is no array");

    MessageBuilder builder(context);
    for (const auto& value : *content) {
        const auto* block = value.if_object();
        if (!block) return unreadable("a content block is no object");
        if (auto added = builder.add(*block); !added) return added.error();
    }
    Answer answer;
    if (const auto* usage = find_object(*message, "usage")) answer.usage.merge(*usage);
    if (builder.thought()) answer.usage.saw_thought();

    const auto stop_reason = text(*message, "stop_reason");
    auto finish = finish_reason(stop_reason);
    if (finish == "tool_calls" && builder.answered_in_json() && !builder.has_tool_calls()) {
        finish = "stop";
    }
    json::object choice{
        {"index", 0}, {"finish_reason", finish}, {"message", builder.finish(stop_reason)}};
    if (const auto* details = find(*message, "stop_details")) {
        choice["provider_specific_fields"] = json::object{{"stop_details", *details}};
    }
    answer.json = to_text(json::object{{"id", completion_id(text(*message, "id"), context)},
                                       {"object", "chat.completion"},
                                       {"created", context.created},
                                       {"model", text(*message, "model", context.model)},
                                       {"choices", json::array{std::move(choice)}},
                                       {"usage", answer.usage.to_openai()}});
    return answer;
}

}  // namespace patchbay::anthropic
