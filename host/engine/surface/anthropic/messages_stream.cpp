#include "engine/surface/anthropic/messages_stream.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/stream_fault.hpp"
#include "engine/surface/hub/usage.hpp"

namespace patchbay::surface {

namespace {

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

}  // namespace

MessagesStream::MessagesStream(std::string model, ChatNames names, std::uint64_t input_tokens)
    : model_(std::move(model)),
      input_tokens_(input_tokens),
      blocks_(std::move(names), AnswerBlocks::Images::noted) {}

Result<void> MessagesStream::chunk(std::string_view chunk_json, const Emit& emit) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(chunk_json, &memory);
    const auto* chunk = tree ? as_object(&tree.value) : nullptr;
    if (!chunk) return stream_fault("a chunk is no JSON object");
    if (chat_id_.empty()) chat_id_ = answer_id(*chunk);
    const auto* usage = find_object(*chunk, "usage");
    if (usage && (!usage_told_ || counts_tokens(*usage))) {
        usage_ = json::object(*usage, json::storage_ptr());
        usage_told_ = true;
    }
    const auto* choice = first_choice(*chunk);
    if (!choice) return {};
    const auto* delta = find_object(*choice, "delta");
    ending_.read(*choice, delta);
    if (delta) blocks_.read_delta(*delta);
    BlockWriter writer(emit, written_, chat_id_);
    if (!blocks_.empty() && !std::exchange(started_, true)) {
        emit("message_start", json_tree::write(message_start(chat_id_, model_, input_tokens_)));
    }
    blocks_.settle(writer, false);
    if (blocks_.held() > kMaxHeld) return stream_fault("too much of it would have to be held");
    return {};
}

void MessagesStream::end(const Emit& emit) {
    if (!std::exchange(started_, true)) {
        emit("message_start", json_tree::write(message_start(chat_id_, model_, input_tokens_)));
    }
    BlockWriter writer(emit, written_, chat_id_);
    blocks_.settle(writer, true);
    ending_.called = blocks_.called();
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
