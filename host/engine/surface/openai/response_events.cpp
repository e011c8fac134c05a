#include "engine/surface/openai/response_events.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

namespace patchbay::surface {

namespace {

using Kind = ResponseItem::Kind;

constexpr std::size_t kHalf = 3;  // bytes of half a pair in a tree's text

// The events of each kind of words. OpenAI's reference of "streaming events".
struct Names {
    std::string_view delta;
    std::string_view done;
    std::string_view member;  ///< of `done`, and of the part or item: the words
    std::string_view index;   ///< which part; empty: there are none
    std::string_view part_added{};
    std::string_view part_done{};
};
constexpr Names kNames[] = {
    {"response.reasoning_summary_text.delta", "response.reasoning_summary_text.done", "text",
     "summary_index", "response.reasoning_summary_part.added",
     "response.reasoning_summary_part.done"},
    {"response.output_text.delta", "response.output_text.done", "text", "content_index",
     "response.content_part.added", "response.content_part.done"},
    {"response.refusal.delta", "response.refusal.done", "refusal", "content_index",
     "response.content_part.added", "response.content_part.done"},
    {"response.function_call_arguments.delta", "response.function_call_arguments.done", "arguments",
     ""},
    {"response.custom_tool_call_input.delta", "response.custom_tool_call_input.done", "input", ""},
    {"", "", "arguments", ""},  // a search is told whole
};

const Names& names_of(const ResponseItem& item) {
    return kNames[static_cast<std::size_t>(item.kind)];
}

std::string_view prefix_of(Kind kind) {
    switch (kind) {
        case Kind::thought:
            return "rs_";
        case Kind::call:
            return "fc_";
        case Kind::custom_call:
            return "ctc_";
        case Kind::search_call:
            return "tsc_";
        default:
            return "msg_";
    }
}

void append_number(std::string& text, std::string_view name, std::size_t number) {
    text.append(",\"").append(name).append("\":").append(std::to_string(number));
}

void append_string(std::string& text, std::string_view name, std::string_view words) {
    text.append(",\"").append(name).append("\":");
    json_tree::append_string(words, text);
}

void append_json(std::string& text, std::string_view name, const json::value& value) {
    text.append(",\"").append(name).append("\":");
    json_tree::append(value, text);
}

json::object part_of(Kind kind, std::string_view words, json::array annotations = {},
                     json::array logprobs = {}) {
    if (kind == Kind::thought) return {{"type", "summary_text"}, {"text", words}};
    if (kind == Kind::refusal) return refusal_part_of(words);
    return text_part_of(words, std::move(annotations), std::move(logprobs));
}

json::object item_value(const ResponseItem& item, std::string_view status) {
    if (item.kind == Kind::thought) return reasoning_item(item.id, item.words, item.thinking);
    if (item.is_message()) return message_item(item.id, item.parts, status);
    const CalledTool tool{item.name, item.group, item.kind == Kind::custom_call,
                          item.kind == Kind::search_call};
    return call_item(item.id, item.call_id, tool, item.words, status);
}

}  // namespace

void ResponseEvents::know(std::string_view chat_id, std::uint64_t created) {
    if (begun_) return;
    if (chat_id_.empty()) chat_id_ = chat_id;
    if (created > 0) created_at_ = created;
}

void ResponseEvents::begin() {
    if (std::exchange(begun_, true)) return;
    const ResponseState now{.id = chat_id_, .created_at = created_at_, .status = "in_progress"};
    state("response.created", now);
    state("response.in_progress", now);
}

void ResponseEvents::last(std::string_view type, ResponseState told) {
    std::string output = "[";
    for (const std::string& item : output_) {
        if (item.empty()) continue;
        if (output.size() > 1) output += ',';
        output += item;
    }
    output += ']';
    told.id = chat_id_;
    told.created_at = created_at_;
    told.output = output;
    told_ = state(type, told);
}

std::string ResponseEvents::state(std::string_view type, const ResponseState& told) {
    std::string text = event(type);
    std::string response = response_text(request_, told);
    text.append(",\"response\":").append(response);
    send(type, text);
    return response;
}

std::string ResponseEvents::next_id(std::string_view prefix) const {
    const std::string_view seed = id_seed(request_, chat_id_);
    return item_id(prefix, std::string(seed) + "_" + std::to_string(output_.size()));
}

void ResponseEvents::open(ResponseItem& item) {
    begin();
    item.index = output_.size();
    item.id = next_id(prefix_of(item.kind));
    if (item.is_call()) {
        item.call_id =
            item.call_id.empty() ? item_id("call_", item.id) : chat_call_id(item.call_id);
    }
    output_.emplace_back();
    const std::string words = std::exchange(item.words, {});
    added(item.index, item_value(item, "in_progress"));
    if (!words.empty()) tell_words(item, words, false, {});
}

void ResponseEvents::open_part(const ResponseItem& item) {
    const Names& names = names_of(item);
    std::string text = event_of(names.part_added, item);
    append_json(text, "part", part_of(item.kind, {}));
    send(names.part_added, text);
}

void ResponseEvents::words(ResponseItem& item, std::string_view words, json::array logprobs) {
    tell_words(item, words, false, std::move(logprobs));
}

// Half a character (of a surrogate pair) waits for the other half: some clients cannot join them.
void ResponseEvents::tell_words(ResponseItem& item, std::string_view words, bool last,
                                json::array logprobs) {
    std::string piece = std::exchange(item.half, {});
    json_tree::join(piece, words);
    if (!last && piece.size() >= kHalf &&
        json_tree::has_half(std::string_view(piece).substr(piece.size() - kHalf))) {
        item.half = piece.substr(piece.size() - kHalf);
        piece.resize(piece.size() - kHalf);
    }
    json_tree::join(item.words, piece);
    kept_ += piece.size();
    // The input of a custom tool is taken out of the arguments when they are whole, as those of a
    // search are.
    if (item.kind > Kind::call || (piece.empty() && logprobs.empty())) return;
    const Names& names = names_of(item);
    std::string text = event_of(names.delta, item);
    append_string(text, "delta", piece);
    if (item.kind == Kind::text) append_json(text, "logprobs", logprobs);
    send(names.delta, text);
    for (auto& entry : logprobs) item.logprobs.push_back(std::move(entry));
}

void ResponseEvents::annotation(ResponseItem& item, json::value annotation) {
    constexpr std::string_view kType = "response.output_text.annotation.added";
    std::string text = event_of(kType, item);
    append_number(text, "annotation_index", item.annotations.size());
    append_json(text, "annotation", annotation);
    send(kType, text);
    item.annotations.push_back(std::move(annotation));
}

void ResponseEvents::close_part(ResponseItem& item) {
    tell_words(item, {}, true, {});
    const Names& names = names_of(item);
    const json::object part = part_of(item.kind, item.words, std::exchange(item.annotations, {}),
                                      std::exchange(item.logprobs, {}));
    std::string text = event_of(names.done, item);
    append_string(text, names.member, item.words);
    if (const auto* logprobs = find(part, "logprobs")) append_json(text, "logprobs", *logprobs);
    send(names.done, text);
    text = event_of(names.part_done, item);
    append_json(text, "part", part);
    send(names.part_done, text);
    if (item.kind == Kind::thought) return;
    item.parts.push_back(part);
    item.words.clear();
}

void ResponseEvents::close(ResponseItem& item, std::string_view status) {
    if (item.is_call()) return close_call(item, status);
    const bool silent = item.kind == Kind::thought && item.words.empty() && item.half.empty();
    if (!silent) close_part(item);
    done(item.index, item_value(item, status));
}

void ResponseEvents::close_call(ResponseItem& item, std::string_view status) {
    const Names& names = names_of(item);
    const bool silent = item.words.empty() && item.half.empty();
    tell_words(item, silent ? "{}" : "", true, {});
    const json::object value = item_value(item, status);
    if (item.kind == Kind::search_call) return done(item.index, value);
    const std::string_view words = surface::text(value, names.member);
    if (item.kind == Kind::custom_call) {
        std::string text = event_of(names.delta, item);
        append_string(text, "delta", words);
        send(names.delta, text);
    }
    std::string text = event_of(names.done, item);
    if (item.kind == Kind::call) append_string(text, "name", item.name);
    append_string(text, names.member, words);
    send(names.done, text);
    done(item.index, value);
}

void ResponseEvents::whole(json::object begun, json::object value) {
    begin();
    const std::size_t index = output_.size();
    output_.emplace_back();
    added(index, begun);
    done(index, value);
    kept_ += output_[index].size();
}

void ResponseEvents::added(std::size_t index, const json::object& value) {
    constexpr std::string_view kType = "response.output_item.added";
    std::string text = event(kType);
    append_number(text, "output_index", index);
    append_json(text, "item", value);
    send(kType, text);
}

void ResponseEvents::done(std::size_t index, const json::object& value) {
    constexpr std::string_view kType = "response.output_item.done";
    output_[index] = json_tree::write(value);
    std::string text = event(kType);
    append_number(text, "output_index", index);
    text.append(",\"item\":").append(output_[index]);
    send(kType, text);
}

std::string ResponseEvents::event(std::string_view type) {
    std::string text = R"({"type":")";
    text.append(type).append(R"(","sequence_number":)").append(std::to_string(sequence_++));
    return text;
}

std::string ResponseEvents::event_of(std::string_view type, const ResponseItem& item) {
    std::string text = event(type);
    append_string(text, "item_id", item.id);
    append_number(text, "output_index", item.index);
    const std::string_view index = names_of(item).index;
    if (!index.empty()) append_number(text, index, item.parts.size());
    return text;
}

void ResponseEvents::send(std::string_view type, std::string& text) const {
    text += '}';
    (*emit_)(type, text);
}

}  // namespace patchbay::surface
