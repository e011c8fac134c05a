#include "responses_stream.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "responses_thoughts.hpp"

namespace patchbay::openai {

namespace {

/// A logprobs member of a choice for entries of the content, or of the refusal.
json::value logprobs_of(std::string_view member, const json::array* entries) {
    if (!entries || entries->empty()) return nullptr;
    const bool refusal = member == "refusal";
    return json::object{{"content", refusal ? json::value() : json::value(*entries)},
                        {"refusal", refusal ? json::value(*entries) : json::value()}};
}

}  // namespace

ResponsesStream::State ResponsesStream::feed(std::string_view name, std::string_view data,
                                             std::vector<std::string>& chunks) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto parsed = shared::parse_json(data, &memory);
    const auto* event = parsed ? parsed->if_object() : nullptr;
    if (!event) return State::unreadable;
    if (ended_) return State::ended;
    chunks_ = &chunks;
    std::string_view type = text(*event, "type", name);
    constexpr std::string_view kPrefix = "response.";
    if (type == "error" || find_object(*event, "error")) return fail(*event);
    if (!type.starts_with(kPrefix)) return State::going_on;
    type.remove_prefix(kPrefix.size());
    if (const auto* response = find_object(*event, "response")) {
        begin(*response);
        const bool failed = type == "failed" || type == "cancelled";
        if (!failed && type != "completed" && type != "incomplete") return State::going_on;
        const auto usage = chat_usage(*response);
        if (usage) usage_ = usage->counts;
        if (failed || is_failed(*response)) return fail(*response);
        end(*response, usage ? std::string_view(usage->json) : std::string_view());
        return State::ended;
    }
    if (type == "output_text.delta") {
        words_delta(*event, "content");
    } else if (type == "refusal.delta") {
        words_delta(*event, "refusal");
    } else if (type == "function_call_arguments.delta" || type == "custom_tool_call_input.delta") {
        call_delta(*event);
    } else if (type == "reasoning_summary_text.delta" || type == "reasoning_text.delta") {
        thought_delta(*event);
    } else if (type == "reasoning_summary_part.added") {
        thought_part(*event);
    } else if (type == "output_item.added") {
        item_added(*event);
    } else if (type == "output_item.done") {
        item_done(*event);
    } else if (type == "output_text.annotation.added") {
        annotation_added(*event);
    }
    return State::going_on;
}

// An event "error" is flat or has an object; a response has one, or none that says anything.
ResponsesStream::State ResponsesStream::fail(const json::object& event) {
    const auto* error = find_object(event, "error");
    json::object told = error ? *error : json::object();
    if (!error) {
        for (const std::string_view member : {"code", "message", "param"}) {
            if (const auto* value = find(event, member)) told[member] = *value;
        }
    }
    if (text(told, "message").empty()) {
        told["message"] = "the provider gave the answer up, and does not say why";
    }
    error_ = json_tree::write(json::object{{"error", std::move(told)}});
    return State::failed;
}

void ResponsesStream::begin(const json::object& response) {
    if (!head_.empty()) return;
    ObjectText chat(head_);
    write_chat_head(response, context_, "chat.completion.chunk", chat);
    head_ += R"(,"choices":[)";
}

ResponsesStream::Item& ResponsesStream::item_of(Kind kind, std::uint64_t index,
                                                std::string_view id) {
    const auto find_item = [&](auto is) {
        return std::find_if(items_.rbegin(), items_.rend(), is);
    };
    auto found = items_.rend();
    if (!id.empty()) found = find_item([&](const Item& item) { return item.id == id; });
    if (found == items_.rend()) {
        found =
            find_item([&](const Item& item) { return item.index == index && item.kind == kind; });
    }
    if (found != items_.rend()) return *found;
    Item& item = items_.emplace_back();
    item.index = index;
    item.id = id;
    item.kind = kind;
    item.start = characters_;
    return item;
}

ResponsesStream::Item& ResponsesStream::item_of(Kind kind, const json::object& event) {
    return item_of(kind, count(event, "output_index"), text(event, "item_id"));
}

ResponsesStream::Item& ResponsesStream::item_of(const json::object& told, std::uint64_t index) {
    const auto type = text(told, "type");
    const Kind kind = type == "message"     ? Kind::message
                      : type == "reasoning" ? Kind::thought
                      : is_call(type)       ? Kind::call
                                            : Kind::other;
    return item_of(kind, index, text(told, "id"));
}

void ResponsesStream::item_added(const json::object& event) {
    const auto* told = find_object(event, "item");
    if (!told) return;
    Item& item = item_of(*told, count(event, "output_index"));
    if (item.kind == Kind::call) begin_call(*told, item);
}

void ResponsesStream::item_done(const json::object& event) {
    const auto* told = find_object(event, "item");
    if (told) tell_rest(*told, item_of(*told, count(event, "output_index")));
}

void ResponsesStream::words_delta(const json::object& event, std::string_view member) {
    const auto words = text(event, "delta");
    if (words.empty()) return;
    Item& item = item_of(Kind::message, event);
    const auto part = count(event, "content_index");
    if (!item.said || part != item.part) item.start = characters_;
    item.part = part;
    item.said = true;
    const auto logprobs = logprobs_of(member, find_array(event, "logprobs"));
    item.judged |= !logprobs.is_null();
    if (member == "content") characters_ += length_of(words);
    tell(member, words, logprobs.is_null() ? nullptr : &logprobs);
}

void ResponsesStream::thought_part(const json::object& event) {
    const Item& item = item_of(Kind::thought, event);
    if (item.thought) tell("reasoning_content", kBetweenThoughts);
}

void ResponsesStream::thought_delta(const json::object& event) {
    const auto words = text(event, "delta");
    if (words.empty()) return;
    item_of(Kind::thought, event).thought = true;
    tell("reasoning_content", words);
}

void ResponsesStream::annotation_added(const json::object& event) {
    const auto* annotation = find(event, "annotation");
    if (!annotation) return;
    Item& item = item_of(Kind::message, event);
    item.cited = true;
    tell_annotations(json::array{*annotation}, item.start);
}

void ResponsesStream::call_delta(const json::object& event) {
    const auto piece = text(event, "delta");
    Item& item = item_of(Kind::call, event);
    if (piece.empty() || !item.called) return;  // its end tells it whole
    item.said = true;
    tell_arguments(piece, item);
}

void ResponsesStream::tell_rest(const json::object& told, Item& item) {
    if (std::exchange(item.done, true)) return;
    if (item.kind == Kind::message) {
        tell_message(told, item);
    } else if (item.kind == Kind::thought) {
        tell_thought(told, item);
    } else if (item.kind == Kind::call) {
        tell_call(told, item);
    } else if (text(told, "type") == "image_generation_call") {
        const auto image = chat_image(told, images_);
        if (image.is_null()) return;
        ++images_;
        ObjectText delta(begin_delta());
        delta.value("images", json::array{image});
        end_delta();
    }
}

void ResponsesStream::tell_message(const json::object& told, Item& item) {
    const auto* content = find_array(told, "content");
    if (!content) return;
    std::uint64_t offset = characters_;
    if (item.said) {
        std::uint64_t words = 0;
        for (const auto& value : *content) {
            if (const auto* part = value.if_object()) words += length_of(text(*part, "text"));
        }
        offset -= std::min(offset, words);
    }
    for (const auto& value : *content) {
        const auto* part = value.if_object();
        if (!part) continue;
        const bool refusal = text(*part, "type") == "refusal";
        const std::string_view member = refusal ? "refusal" : "content";
        const auto words = text(*part, refusal ? "refusal" : "text");
        const auto logprobs =
            item.judged ? json::value() : logprobs_of(member, find_array(*part, "logprobs"));
        const auto* judged = logprobs.is_null() ? nullptr : &logprobs;
        if (!item.said && !words.empty()) {
            tell(member, words, judged);
            if (!refusal) characters_ += length_of(words);
        } else if (judged) {
            begin_delta() += '{';
            end_delta(judged);
        }
        const auto* annotations = find_array(*part, "annotations");
        if (annotations && !item.cited) tell_annotations(*annotations, offset);
        if (!refusal) offset += length_of(words);
    }
}

void ResponsesStream::tell_thought(const json::object& told, Item& item) {
    const std::string thought = thought_of(told);
    if (!item.thought && !thought.empty()) tell("reasoning_content", thought);
    const auto block = thinking_block(told, thought);
    if (block.is_null()) return;
    ObjectText delta(begin_delta());
    delta.value("thinking_blocks", json::array{block});
    end_delta();
}

void ResponsesStream::begin_call(const json::object& told, Item& item) {
    const auto name = text(told, "name");
    if (item.called || name.empty()) return;
    item.called = true;
    item.call = calls_++;
    item.custom = text(told, "type") == "custom_tool_call";
    ObjectText delta(begin_delta());
    const auto write_call = [&](ObjectText& call) {
        call.words("name", name);
        call.words(item.custom ? "input" : "arguments", "");
        call.end();
    };
    if (context_.functions) {
        ObjectText call(delta.member("function_call"));
        write_call(call);
    } else {
        ListText list(delta.member("tool_calls"));
        ObjectText entry(list.element());
        entry.json("index", std::to_string(item.call));
        entry.words("id", text(told, "call_id"));
        entry.words("type", item.custom ? "custom" : "function");
        ObjectText call(entry.member(item.custom ? "custom" : "function"));
        write_call(call);
        entry.end();
        list.end();
    }
    end_delta();
}

void ResponsesStream::tell_call(const json::object& told, Item& item) {
    begin_call(told, item);
    if (!item.called || item.said) return;
    const auto words = text(told, item.custom ? "input" : "arguments");
    if (!words.empty()) {
        tell_arguments(words, item);
    } else if (!item.custom) {
        tell_arguments("{}", item);
    }
}

void ResponsesStream::tell_arguments(std::string_view piece, const Item& item) {
    ObjectText delta(begin_delta());
    if (context_.functions) {
        ObjectText call(delta.member("function_call"));
        call.words("arguments", piece);
        call.end();
    } else {
        ListText list(delta.member("tool_calls"));
        ObjectText entry(list.element());
        entry.json("index", std::to_string(item.call));
        ObjectText call(entry.member(item.custom ? "custom" : "function"));
        call.words(item.custom ? "input" : "arguments", piece);
        call.end();
        entry.end();
        list.end();
    }
    end_delta();
}

void ResponsesStream::tell_annotations(const json::array& given, std::uint64_t offset) {
    json::array annotations;
    json::array others;
    append_annotations(given, offset, annotations, others);
    if (annotations.empty() && others.empty()) return;
    ObjectText delta(begin_delta());
    if (!annotations.empty()) delta.value("annotations", annotations);
    if (!others.empty()) {
        delta.value("provider_specific_fields", json::object{{"citations", std::move(others)}});
    }
    end_delta();
}

void ResponsesStream::end(const json::object& response, std::string_view usage) {
    if (const auto* output = find_array(response, "output")) {
        for (std::size_t i = 0; i < output->size(); ++i) {
            const auto* told = (*output)[i].if_object();
            if (told) tell_rest(*told, item_of(*told, i));
        }
    }
    ended_ = true;
    const auto tier = text(response, "service_tier");
    const auto close = [&](std::string& chunk) {
        chunk += ']';
        if (!tier.empty()) {
            chunk += R"(,"service_tier":)";
            json_tree::append_string(tier, chunk);
        }
    };
    std::string& last = chunks_->emplace_back(head_);
    last += role_told_ ? R"({"index":0,"delta":{},"finish_reason":")"
                       : R"({"index":0,"delta":{"role":"assistant"},"finish_reason":")";
    last.append(chat_finish_reason(response, calls_ > 0, context_)).append("\"}");
    close(last);
    last += '}';
    if (usage.empty() || !want_usage_) return;
    std::string& counted = chunks_->emplace_back(head_);
    close(counted);
    counted.append(R"(,"usage":)").append(usage) += '}';
}

std::string& ResponsesStream::begin_delta() {
    begin({});
    std::string& chunk = chunks_->emplace_back();
    chunk.reserve(head_.size() + 256);
    chunk.append(head_).append(R"({"index":0,"delta":)");
    return chunk;
}

void ResponsesStream::end_delta(const json::value* logprobs) {
    std::string& chunk = chunks_->back();
    if (!std::exchange(role_told_, true)) {
        if (chunk.back() != '{') chunk += ',';
        chunk += R"("role":"assistant")";
    }
    chunk += '}';
    if (logprobs) {
        chunk += R"(,"logprobs":)";
        json_tree::append(*logprobs, chunk);
    }
    chunk += R"(,"finish_reason":null}]})";
}

void ResponsesStream::tell(std::string_view member, std::string_view words,
                           const json::value* logprobs) {
    ObjectText delta(begin_delta());
    delta.words(member, words);
    end_delta(logprobs);
}

}  // namespace patchbay::openai
