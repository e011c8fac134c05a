#include "engine/surface/openai/response_stream.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/stream_fault.hpp"
#include "engine/surface/hub/usage.hpp"

namespace patchbay::surface {

Result<void> ResponseStream::chunk(std::string_view chunk_json, const EmitEvent& emit) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(chunk_json, &memory);
    const auto* chunk = tree ? as_object(&tree.value) : nullptr;
    if (!chunk) return stream_fault("a chunk is no JSON object");
    events_.to(emit);
    events_.know(text(*chunk, "id"), count(*chunk, "created"));
    if (const auto tier = text(*chunk, "service_tier"); !tier.empty()) service_tier_ = tier;
    const auto* usage = find_object(*chunk, "usage");
    if (usage && (usage_.empty() || counts_tokens(*usage))) {
        if (auto told = response_usage(usage); !told.empty()) usage_ = std::move(told);
    }
    const auto* choice = first_choice(*chunk);
    if (!choice) return {};
    if (const auto* delta = find_object(*choice, "delta")) read_delta(*choice, *delta);
    if (const auto reason = text(*choice, "finish_reason"); !reason.empty()) {
        finish_reason_ = reason;
    }
    if (events_.kept() > kMaxKept) return stream_fault("it is too long to be told as a response");
    return {};
}

void ResponseStream::read_delta(const json::object& choice, const json::object& delta) {
    const auto thought = reasoning_text(delta);
    add_thought(thought);
    if (const auto* blocks = find_array(delta, "thinking_blocks")) {
        for (const auto& value : *blocks) {
            if (const auto* block = as_object(&value)) read_thinking(*block, !thought.empty());
        }
    }
    add_words(Kind::text, content_text(delta), logprobs_of(choice));
    for (auto& annotation : flat_annotations(delta)) {
        events_.annotation(message(Kind::text), std::move(annotation));
    }
    add_words(Kind::refusal, text(delta, "refusal"), {});
    if (const auto* images = find_array(delta, "images")) {
        for (const auto& value : *images) {
            if (const auto* image = as_object(&value)) read_image(*image);
        }
    }
    if (const auto* calls = find_array(delta, "tool_calls")) {
        for (const auto& value : *calls) {
            if (const auto* call = as_object(&value)) read_call(*call);
        }
    } else if (const auto* function = find_object(delta, "function_call")) {
        read_call({{"index", 0}, {"function", *function}});
    }
}

// Words of a block come beside the same words in reasoning_content; a block that is told when it is
// whole repeats the words that came before it.
void ResponseStream::read_thinking(const json::object& block, bool told_as_text) {
    const auto words = text(block, "thinking");
    json::object kept(block, json::storage_ptr());
    if (text(block, "type") == "redacted_thinking") {
        thought().thinking.push_back(std::move(kept));
        return;
    }
    if (text(block, "signature").empty()) {
        if (!told_as_text) add_thought(words);
        return;
    }
    if (!open_thought() && !words.empty() && words == last_thought_) return;
    ResponseItem& item = thought();
    const auto told = item.words.substr(item.in_thinking);
    if (words.empty()) {
        kept["thinking"] = told;
    } else if (words.starts_with(told)) {
        add_thought(words.substr(told.size()));
    } else if (!told_as_text) {
        add_thought(words);
    }
    item.in_thinking = item.words.size();
    item.thinking.push_back(std::move(kept));
}

void ResponseStream::add_thought(std::string_view words) {
    if (words.empty()) return;
    ResponseItem& item = thought();
    if (item.words.empty() && item.half.empty()) events_.open_part(item);
    events_.words(item, words);
}

void ResponseStream::add_words(Kind kind, std::string_view words, json::array logprobs) {
    if (words.empty() && (logprobs.empty() || !open_message())) return;
    events_.words(message(kind), words, std::move(logprobs));
}

void ResponseStream::read_image(const json::object& image) {
    auto value = image_item(events_.next_id("ig_"), image);
    if (value.empty()) return;
    close_finished();
    json::object begun = value;
    begun["status"] = "in_progress";
    begun["result"] = nullptr;
    events_.whole(std::move(begun), std::move(value));
}

void ResponseStream::read_call(const json::object& piece) {
    ResponseItem* const item = call(piece);
    if (!item) return;
    const json::object nothing;
    const auto* told = find_object(piece, "function");
    const auto& function = told ? *told : nothing;
    const auto arguments = arguments_text(function);
    const auto words = item->progress.feed(arguments);
    if (!item->name.empty()) {
        if (!words.empty()) events_.words(*item, words);
        return;
    }
    json_tree::join(item->words, words);
    const CalledTool tool = called_tool(request_, text(function, "name"));
    if (tool.name.empty()) return;
    item->name = tool.name;
    item->group = tool.group;
    if (tool.custom) item->kind = Kind::custom_call;
    if (tool.search) item->kind = Kind::search_call;
    events_.open(*item);
}

// The item that a piece belongs to; nullptr if that is closed.
ResponseItem* ResponseStream::call(const json::object& piece) {
    const auto place = pieces_.place(piece);
    if (place.begins) {
        close_finished();
        ResponseItem& item = open_.emplace_back(ResponseItem{.kind = Kind::call});
        item.call = place.number;
        item.call_id = text(piece, "id");
        return &item;
    }
    const auto known = std::find_if(open_.begin(), open_.end(), [&](const ResponseItem& item) {
        return item.is_call() && item.call == place.number;
    });
    return known == open_.end() ? nullptr : &*known;
}

ResponseItem* ResponseStream::open_thought() {
    const bool is = !open_.empty() && open_.back().kind == Kind::thought;
    return is ? &open_.back() : nullptr;
}

ResponseItem* ResponseStream::open_message() {
    const bool is = !open_.empty() && open_.back().is_message();
    return is ? &open_.back() : nullptr;
}

ResponseItem& ResponseStream::thought() {
    if (ResponseItem* const known = open_thought()) return *known;
    close_finished();
    ResponseItem& item = open_.emplace_back(ResponseItem{.kind = Kind::thought});
    events_.open(item);
    return item;
}

ResponseItem& ResponseStream::message(Kind kind) {
    ResponseItem* item = open_message();
    if (item && item->kind == kind) return *item;
    if (item) {
        events_.close_part(*item);
        item->kind = kind;
    } else {
        close_finished();
        item = &open_.emplace_back(ResponseItem{.kind = kind});
        events_.open(*item);
    }
    events_.open_part(*item);
    return *item;
}

// Another item begins: what can be no longer open closes.
void ResponseStream::close_finished() {
    for (auto item = open_.begin(); item != open_.end();) {
        if (item->is_call() && (item->name.empty() || !item->progress.complete())) {
            ++item;
            continue;
        }
        events_.close(*item, "completed");
        if (item->kind == Kind::thought) last_thought_ = std::move(item->words);
        item = open_.erase(item);
    }
}

void ResponseStream::end(const EmitEvent& emit) {
    events_.to(emit);
    events_.begin();
    const ResponseEnd how = response_end(finish_reason_);
    for (ResponseItem& item : open_) {
        if (item.is_call() && item.name.empty()) continue;  // a call of nothing
        const bool last = item.index + 1 == events_.count();
        events_.close(item, last ? how.status : "completed");
    }
    open_.clear();
    const bool whole = how.status == "completed";
    events_.last(whole ? "response.completed" : "response.incomplete",
                 {.status = how.status,
                  .incomplete = how.incomplete,
                  .usage = usage_,
                  .service_tier = service_tier_});
}

bool ResponseStream::fail(std::string_view code, std::string_view message, const EmitEvent& emit) {
    if (!events_.begun()) return false;
    events_.to(emit);
    std::string error = R"({"code":)";
    json_tree::append_string(code, error);
    error += R"(,"message":)";
    json_tree::append_string(message, error);
    error += '}';
    events_.last(
        "response.failed",
        {.status = "failed", .usage = usage_, .error = error, .service_tier = service_tier_});
    return true;
}

}  // namespace patchbay::surface
