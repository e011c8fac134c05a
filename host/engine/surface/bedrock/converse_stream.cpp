#include "engine/surface/bedrock/converse_stream.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/stream_fault.hpp"

namespace patchbay::surface {

namespace {

/// Writes the events of blocks, which get the numbers 0, 1, 2, ...
class EventWriter final : public BlockTeller {
  public:
    EventWriter(const ConverseStream::Emit& emit, std::size_t& next, std::string_view chat_id)
        : emit_(emit), next_(next), chat_id_(chat_id) {}

    void open(Block& block) override {
        ++next_;
        if (block.kind == Block::Kind::call) {
            start({{"toolUse",
                    {{"toolUseId", tool_use_id_of(block, chat_id_)}, {"name", block.name}}}});
        } else if (block.kind == Block::Kind::image) {
            auto image = image_of(std::exchange(block.held, {}));
            start({{"image", {{"format", std::move(image["format"])}}}});
            delta({{"image", {{"source", std::move(image["source"])}}}});
        } else if (block.kind == Block::Kind::redacted) {
            const auto data = std::exchange(block.held, {});
            delta({{"reasoningContent", {{"redactedContent", redacted_content(data)}}}});
        }
    }

    void flush(Block& block) override { write(block, false); }

    void close(Block& block) override {
        const bool call = block.kind == Block::Kind::call;
        if (call && block.arguments.begun() && !block.arguments.is_object()) {
            if (const auto input = tool_input(block.held); !input.empty()) {
                words(block.kind, json_tree::write(input));
            }
        } else {
            write(block, true);
        }
        if (!block.signature.empty()) {
            delta({{"reasoningContent", {{"signature", block.signature}}}});
        }
        for (const auto& link : block.citations) {
            delta({{"citation", citation_of(link.get_object())}});
        }
        emit_("contentBlockStop", json_tree::write(json::object{{"contentBlockIndex", next_ - 1}}));
    }

  private:
    struct Around {
        std::string_view before;
        std::string_view after;
    };
    static Around around(Block::Kind kind) {
        switch (kind) {
            case Block::Kind::thinking:
                return {R"({"reasoningContent":{"text":)", "}}"};
            case Block::Kind::call:
                return {R"({"toolUse":{"input":)", "}}"};
            default:
                return {R"({"text":)", "}"};
        }
    }

    void write(Block& block, bool last) {
        if (const auto told = take_held(block, last); !told.empty()) words(block.kind, told);
    }

    // Without a tree: it is what nearly all of a stream is.
    void words(Block::Kind kind, std::string_view told) {
        const auto [before, after] = around(kind);
        std::string event = R"({"contentBlockIndex":)";
        event.append(std::to_string(next_ - 1)).append(R"(,"delta":)").append(before);
        json_tree::append_string(told, event);
        event.append(after).append("}");
        emit_("contentBlockDelta", event);
    }
    void start(json::object value) {
        emit_("contentBlockStart", json_tree::write(json::object{{"contentBlockIndex", next_ - 1},
                                                                 {"start", std::move(value)}}));
    }
    void delta(json::object value) {
        emit_("contentBlockDelta", json_tree::write(json::object{{"contentBlockIndex", next_ - 1},
                                                                 {"delta", std::move(value)}}));
    }

    const ConverseStream::Emit& emit_;
    std::size_t& next_;
    std::string_view chat_id_;
};

}  // namespace

ConverseStream::ConverseStream(const ConverseAnswering& answering)
    : answering_(answering), blocks_(answering.names, AnswerBlocks::Images::shown) {}

Result<void> ConverseStream::chunk(std::string_view chunk_json, const Emit& emit) {
    unsigned char first_memory[4096];
    json::monotonic_resource memory(first_memory, sizeof first_memory);
    const auto tree = json_tree::read(chunk_json, &memory);
    const auto* chunk = tree ? as_object(&tree.value) : nullptr;
    if (!chunk) return stream_fault("a chunk is no JSON object");
    if (chat_id_.empty()) chat_id_ = answer_id(*chunk);
    const auto* choice = first_choice(*chunk);
    const auto* delta = choice ? find_object(*choice, "delta") : nullptr;
    ending_.read(*chunk, choice, delta);
    if (delta) blocks_.read_delta(*delta);
    if (!blocks_.empty()) start(emit);
    EventWriter writer(emit, written_, chat_id_);
    blocks_.settle(writer, false);
    if (blocks_.held() > kMaxHeld) return stream_fault("too much of it would have to be held");
    return {};
}

void ConverseStream::start(const Emit& emit) {
    if (!std::exchange(started_, true)) emit("messageStart", R"({"role":"assistant"})");
}

void ConverseStream::end(std::uint64_t milliseconds, const Emit& emit) {
    start(emit);
    EventWriter writer(emit, written_, chat_id_);
    blocks_.settle(writer, true);
    json::object stop;
    ending_.write_stop(blocks_.called(), answering_, stop);
    emit("messageStop", json_tree::write(stop));
    json::object metadata;
    ending_.write_counts(milliseconds, metadata);
    emit("metadata", json_tree::write(metadata));
}

}  // namespace patchbay::surface
