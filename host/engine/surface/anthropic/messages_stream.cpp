#include "engine/surface/anthropic/messages_stream.hpp"

#include <algorithm>
#include <patchbay/json_tree.hpp>
#include <utility>

namespace patchbay::surface {

namespace {

Error upstream_fault(std::string_view what) {
    Error error;
    error.cls = ErrorClass::upstream;
    error.message = "The provider's stream cannot be read: " + std::string(what);
    return error;
}

json::object message_start(std::string_view chat_id, std::string_view model,
                           std::uint64_t input_tokens) {
    auto usage = messages_usage(nullptr);
    usage["input_tokens"] = input_tokens;
    json::object message{{"id", message_id(chat_id)}, {"type", "message"},
                         {"role", "assistant"},       {"model", model},
                         {"content", json::array()},  {"stop_reason", nullptr},
                         {"stop_sequence", nullptr},  {"usage", std::move(usage)}};
    return {{"type", "message_start"}, {"message", std::move(message)}};
}

bool is_whole(const Block& block, bool followed) {
    if (block.whole) return true;
    return followed && (block.kind != Block::Kind::call || block.arguments.complete());
}

}  // namespace

MessagesStream::MessagesStream(std::string model, ChatNames names, std::uint64_t input_tokens)
    : model_(std::move(model)), names_(std::move(names)), input_tokens_(input_tokens) {}

Result<void> MessagesStream::chunk(std::string_view chunk_json, const Emit& emit) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(chunk_json, &memory);
    const auto* chunk = tree ? as_object(&tree.value) : nullptr;
    if (!chunk) return upstream_fault("a chunk is no JSON object");
    if (chat_id_.empty()) chat_id_ = text(*chunk, "id");
    if (const auto* usage = find_object(*chunk, "usage")) {
        usage_ = json::object(*usage, json::storage_ptr());
        usage_told_ = true;
    }
    const auto* choice = first_choice(*chunk);
    if (!choice) return {};
    const auto* delta = find_object(*choice, "delta");
    ending_.read(*choice, delta);
    if (delta) read_delta(*delta);
    BlockWriter writer(emit, written_);
    if (!blocks_.empty() && !std::exchange(started_, true)) {
        emit("message_start", json_tree::write(message_start(chat_id_, model_, input_tokens_)));
    }
    settle(writer, false);
    if (held_ > kMaxHeld) return upstream_fault("too much of it would have to be held");
    return {};
}

void MessagesStream::read_delta(const json::object& delta) {
    const auto thought = reasoning_text(delta);
    add(Block::Kind::thinking, thought);
    if (const auto* blocks = find_array(delta, "thinking_blocks")) {
        for (const auto& value : *blocks) {
            if (const auto* block = as_object(&value)) read_thinking(*block, !thought.empty());
        }
    }
    add(Block::Kind::text, content_text(delta));
    add(Block::Kind::text, text(delta, "refusal"));
    if (const auto* images = find_array(delta, "images")) {
        for (std::size_t i = 0; i < images->size(); ++i) add(Block::Kind::text, kImageNote);
    }
    if (const auto* calls = find_array(delta, "tool_calls")) {
        for (const auto& value : *calls) {
            if (const auto* call = as_object(&value)) read_call(*call);
        }
    } else if (const auto* function = find_object(delta, "function_call")) {
        read_call({{"index", 0}, {"function", *function}});
    }
}

// Pieces of a block come beside the same words in reasoning_content; a block that is told when it
// is whole repeats the words that came before it.
void MessagesStream::read_thinking(const json::object& told, bool told_as_text) {
    if (text(told, "type") == "redacted_thinking") {
        Block redacted;
        redacted.kind = Block::Kind::redacted;
        redacted.held = text(told, "data");
        redacted.whole = true;
        held_ += redacted.held.size();
        blocks_.push_back(std::move(redacted));
        return;
    }
    const auto words = text(told, "thinking");
    const auto signature = text(told, "signature");
    const bool open =
        !blocks_.empty() && blocks_.back().kind == Block::Kind::thinking && !blocks_.back().whole;
    if (signature.empty()) {
        if (!told_as_text) add(Block::Kind::thinking, words);
        return;
    }
    if (!open && !words.empty() && words == last_thought_) return;
    const std::string_view before = open ? std::string_view(blocks_.back().thought) : "";
    if (words.starts_with(before)) {
        add(Block::Kind::thinking, words.substr(before.size()));
    } else if (!told_as_text) {
        add(Block::Kind::thinking, words);
    }
    if (blocks_.empty() || blocks_.back().kind != Block::Kind::thinking || blocks_.back().whole) {
        blocks_.emplace_back().kind = Block::Kind::thinking;
    }
    blocks_.back().signature = signature;
    blocks_.back().whole = true;
}

void MessagesStream::add(Block::Kind kind, std::string_view words) {
    if (words.empty()) return;
    if (blocks_.empty() || blocks_.back().kind != kind || blocks_.back().whole) {
        blocks_.emplace_back().kind = kind;
    }
    auto& block = blocks_.back();
    json_tree::join(block.held, words);
    held_ += words.size();
    if (kind != Block::Kind::thinking) return;
    json_tree::join(block.thought, words);
    held_ += words.size();
}

void MessagesStream::read_call(const json::object& call) {
    const auto place = pieces_.place(call);
    const json::object nothing;
    const auto* told = find_object(call, "function");
    const auto& function = told ? *told : nothing;
    auto* block =
        place.begins ? &new_call(place.number, text(call, "id")) : open_call(place.number);
    if (!block) return;
    if (block->name.empty()) block->name = names_.original(text(function, "name"));
    const auto arguments = arguments_text(function);
    const auto taken = block->arguments.feed(arguments);
    json_tree::join(block->held, taken);
    held_ += taken.size();
}

Block& MessagesStream::new_call(std::size_t number, std::string_view id) {
    auto& block = blocks_.emplace_back();
    block.kind = Block::Kind::call;
    block.call = number;
    block.id = tool_use_id(id, chat_id_, number);
    return block;
}

// nullptr if it is closed.
Block* MessagesStream::open_call(std::size_t number) {
    const auto block = std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& open) {
        return open.kind == Block::Kind::call && open.call == number;
    });
    return block == blocks_.end() ? nullptr : &*block;
}

void MessagesStream::settle(BlockWriter& writer, bool last) {
    while (!blocks_.empty()) {
        auto& block = blocks_.front();
        const bool nameless = block.kind == Block::Kind::call && block.name.empty();
        if (nameless && !last) return;
        if (!nameless) {
            held_ -= block.held.size();
            if (!block.opened) writer.open(block);
            writer.flush(block, false);
            held_ += block.held.size();
            if (!last && !is_whole(block, blocks_.size() > 1)) return;
            ending_.called |= block.kind == Block::Kind::call;
            held_ -= block.held.size() + block.thought.size();
            writer.close(block);
        }
        if (block.kind == Block::Kind::thinking) last_thought_ = std::move(block.thought);
        blocks_.pop_front();
    }
}

void MessagesStream::end(const Emit& emit) {
    if (!std::exchange(started_, true)) {
        emit("message_start", json_tree::write(message_start(chat_id_, model_, input_tokens_)));
    }
    BlockWriter writer(emit, written_);
    settle(writer, true);
    json::object delta;
    ending_.write(delta);
    json::object usage{{"output_tokens", 0}};
    if (usage_told_) usage = messages_usage(&usage_);
    emit("message_delta",
         json_tree::write(json::object{
             {"type", "message_delta"}, {"delta", std::move(delta)}, {"usage", std::move(usage)}}));
    emit("message_stop", R"({"type":"message_stop"})");
}

}  // namespace patchbay::surface
