#include "responses_answer.hpp"

#include <array>
#include <utility>

#include "responses_thoughts.hpp"

namespace patchbay::openai {

namespace {

/// One message while its items come.
class Message {
  public:
    void add(const json::object& item) {
        const auto type = text(item, "type");
        if (type == "message") {
            add_said(item);
        } else if (type == "reasoning") {
            add_thought(item);
        } else if (is_call(type)) {
            add_call(item, type == "custom_tool_call");
        } else if (type == "image_generation_call") {
            auto image = chat_image(item, images_.size());
            if (!image.is_null()) images_.push_back(std::move(image));
        }  // runs of OpenAI's own tools have led to what it said
    }

    bool called() const { return !calls_.empty(); }

    void write(ObjectText& choice, bool functions) {
        ObjectText message(choice.member("message"));
        message.words("role", "assistant");
        write_words(message, "content", content_);
        write_words(message, "refusal", refusal_);
        if (!reasoning_.empty()) message.words("reasoning_content", reasoning_);
        if (!thinking_.empty()) message.value("thinking_blocks", thinking_);
        if (!annotations_.empty()) message.value("annotations", annotations_);
        if (!images_.empty()) message.value("images", images_);
        if (functions && called()) {
            message.value("function_call", calls_[0].get_object()["function"]);
        } else if (called()) {
            message.value("tool_calls", calls_);
        }
        if (!citations_.empty()) {
            message.value("provider_specific_fields", json::object{{"citations", citations_}});
        }
        message.end();
        if (logprobs_.empty() && refusal_logprobs_.empty()) return;
        ObjectText logprobs(choice.member("logprobs"));
        logprobs.value("content", logprobs_.empty() ? json::value() : json::value(logprobs_));
        logprobs.value("refusal",
                       refusal_logprobs_.empty() ? json::value() : json::value(refusal_logprobs_));
        logprobs.end();
    }

  private:
    static void write_words(ObjectText& message, std::string_view name, std::string_view words) {
        words.empty() ? message.json(name, "null") : message.words(name, words);
    }

    void add_said(const json::object& item) {
        const auto* content = find_array(item, "content");
        if (!content) return;
        for (const auto& value : *content) {
            const auto* part = value.if_object();
            if (!part) continue;
            const bool refusal = text(*part, "type") == "refusal";
            const auto words = text(*part, refusal ? "refusal" : "text");
            if (const auto* given = find_array(*part, "annotations"); given && !refusal) {
                append_annotations(*given, length_of(content_), annotations_, citations_);
            }
            if (const auto* given = find_array(*part, "logprobs")) {
                auto& all = refusal ? refusal_logprobs_ : logprobs_;
                all.insert(all.end(), given->begin(), given->end());
            }
            json_tree::join(refusal ? refusal_ : content_, words);
        }
    }

    void add_thought(const json::object& item) {
        const std::string thought = thought_of(item);
        auto block = thinking_block(item, thought);
        if (!block.is_null()) thinking_.push_back(std::move(block));
        json_tree::join(reasoning_, thought);
    }

    void add_call(const json::object& item, bool custom) {
        json::object called{{"name", text(item, "name")}};
        if (custom) {
            called["input"] = text(item, "input");
        } else {
            const auto arguments = text(item, "arguments");
            called["arguments"] = arguments.empty() ? std::string_view("{}") : arguments;
        }
        const std::string_view kind = custom ? "custom" : "function";
        calls_.push_back(
            {{"id", text(item, "call_id")}, {"type", kind}, {kind, std::move(called)}});
    }

    std::string content_;
    std::string refusal_;
    std::string reasoning_;
    json::array thinking_;
    json::array annotations_;
    json::array citations_;
    json::array images_;
    json::array calls_;
    json::array logprobs_;
    json::array refusal_logprobs_;
};

}  // namespace

std::optional<ChatAnswer> chat_of_response(const json::object& response,
                                           const ChatAnswerContext& context) {
    const auto* output = find_array(response, "output");
    const auto status = text(response, "status", "completed");
    const bool ended = status == "completed" || status == "incomplete";
    if (!output || !ended || is_failed(response)) return std::nullopt;
    Message message;
    for (const auto& value : *output) {
        if (const auto* item = value.if_object()) message.add(*item);
    }
    ChatAnswer answer;
    ObjectText chat(answer.json);
    write_chat_head(response, context, "chat.completion", chat);
    ListText choices(chat.member("choices"));
    ObjectText choice(choices.element());
    choice.json("index", "0");
    message.write(choice, context.functions);
    choice.words("finish_reason", chat_finish_reason(response, message.called(), context));
    choice.end();
    choices.end();
    if (auto usage = chat_usage(response)) {
        chat.json("usage", usage->json);
        answer.usage = usage->counts;
    }
    if (const auto tier = text(response, "service_tier"); !tier.empty()) {
        chat.words("service_tier", tier);
    }
    chat.end();
    return answer;
}

}  // namespace patchbay::openai
