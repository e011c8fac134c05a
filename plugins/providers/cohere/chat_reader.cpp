#include "chat_reader.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::cohere {

namespace json = boost::json;

namespace {

/// The message of a whole answer, and what its parts say.
class MessageBuilder {
  public:
    explicit MessageBuilder(const json::object& given) {
        if (const json::array* parts = shared::find_array(given, "content")) {
            for (const json::value& part : *parts) add_part(part.if_object());
        }
        if (const json::array* calls = shared::find_array(given, "tool_calls")) {
            for (const json::value& call : *calls) add_call(call.if_object());
        }
        json_tree::join(plan_, shared::text(given, "tool_plan"));
        if (const json::array* citations = shared::find_array(given, "citations")) {
            annotate(*citations, annotations_);
        }
    }

    bool has_calls() const { return !calls_.empty(); }

    json::object take() {
        json::object message{{"role", "assistant"}};
        if (!plan_.empty()) text_.insert(0, plan_);
        message["content"] =
            text_.empty() && has_calls() ? json::value(nullptr) : json::value(text_);
        if (!reasoning_.empty()) message["reasoning_content"] = reasoning_;
        if (has_calls()) message["tool_calls"] = std::move(calls_);
        if (!annotations_.empty()) message["annotations"] = std::move(annotations_);
        return message;
    }

  private:
    void add_part(const json::object* part) {
        const std::string_view type = shared::text(part, "type");
        if (type == "text") json_tree::join(text_, shared::text(part, "text"));
        if (type == "thinking") json_tree::join(reasoning_, shared::text(part, "thinking"));
    }

    void add_call(const json::object* call) {
        const json::object* function = shared::find_object(call, "function");
        json::object made =
            shared::tool_call(shared::text(call, "id"), shared::text(function, "name"),
                              shared::text(function, "arguments", "{}"));
        made["index"] = calls_.size();
        calls_.emplace_back(std::move(made));
    }

    std::string text_, plan_, reasoning_;
    json::array calls_, annotations_;
};

}  // namespace

std::string_view ChatReader::document_of(std::string_view line) const {
    constexpr std::string_view kData = "data:";
    if (line.starts_with('{')) return line;
    if (!line.starts_with(kData)) {
        // The other lines of a server-sent event; what is neither shall be found unreadable.
        const bool known = line.starts_with("event:") || line.starts_with("id:") ||
                           line.starts_with("retry:") || line.starts_with(':');
        return known ? std::string_view{} : line;
    }
    line.remove_prefix(kData.size());
    const auto begin = line.find_first_not_of(" \t");
    const std::string_view data =
        begin == std::string_view::npos ? std::string_view{} : line.substr(begin);
    return data == "[DONE]" ? std::string_view{} : data;
}

bool ChatReader::is_whole(const json::object& document) const {
    return shared::find_object(document, "message") != nullptr && !document.contains("type");
}

openai::Read<json::object> ChatReader::whole(const json::object& document) {
    const json::object* given = shared::find_object(document, "message");
    if (given == nullptr) return openai::unreadable("Cohere", "there is no message");
    MessageBuilder message(*given);
    const auto told = finish_reason(shared::text(document, "finish_reason"), {});
    if (!told) return told.error();
    const std::string_view reason = message.has_calls() && *told == "stop" ? "tool_calls" : *told;
    const Usage usage = read_usage(shared::find_object(document, "usage")).value_or(Usage{});
    usage_ = usage.to_host();
    return shared::whole_chat(writer_.head(), message.take(), reason, usage.to_openai());
}

openai::Read<void> ChatReader::event(const json::object& document,
                                     std::vector<std::string>& chunks) {
    if (complete_) return {};
    const std::string_view type = shared::text(document, "type");
    const json::object* delta = shared::find_object(document, "delta");
    const json::object* message = shared::find_object(delta, "message");
    const json::object* content = shared::find_object(message, "content");
    const json::object* call = shared::find_object(message, "tool_calls");
    const json::object* function = shared::find_object(call, "function");
    if (type == "content-delta" || type == "content-start") {
        writer_.text("reasoning_content", shared::text(content, "thinking"), chunks);
        writer_.text("content", shared::text(content, "text"), chunks);
    } else if (type == "tool-plan-delta") {
        writer_.text("content", shared::text(message, "tool_plan"), chunks);
    } else if (type == "tool-call-start") {
        writer_.call(calls_++, shared::text(call, "id"), shared::text(function, "name"),
                     shared::text(function, "arguments"), chunks);
    } else if (type == "tool-call-delta") {
        if (calls_ == 0) return openai::unreadable("Cohere", "a call has no beginning");
        writer_.arguments(calls_ - 1, shared::text(function, "arguments"), chunks);
    } else if (type == "citation-start") {
        cite(message, chunks);
    } else if (type == "message-end") {
        return finish(delta, chunks);
    } else if (type.empty() && !shared::text(document, "message").empty()) {
        shared::Failure failure;
        failure.message = shared::text(document, "message");
        return failure;
    }
    return {};
}

void ChatReader::cite(const json::object* message, std::vector<std::string>& chunks) {
    const json::value* citation = shared::find(message, "citations");
    if (citation == nullptr || !citation->is_object()) return;
    json::array one;
    one.push_back(*citation);
    json::array annotations;
    annotate(one, annotations);
    json::object delta;
    if (!annotations.empty()) delta["annotations"] = std::move(annotations);
    delta["provider_specific_fields"] = json::object{{"citation", *citation}};
    writer_.delta(std::move(delta), chunks);
}

openai::Read<void> ChatReader::finish(const json::object* delta, std::vector<std::string>& chunks) {
    const Usage usage = read_usage(shared::find_object(delta, "usage")).value_or(Usage{});
    usage_ = usage.to_host();
    const auto told =
        finish_reason(shared::text(delta, "finish_reason"), shared::text(delta, "error"));
    if (!told) return told.error();
    complete_ = true;
    writer_.finish(calls_ > 0 && *told == "stop" ? "tool_calls" : *told, chunks);
    if (want_usage_) writer_.usage(usage.to_openai(), chunks);
    return {};
}

}  // namespace patchbay::cohere
