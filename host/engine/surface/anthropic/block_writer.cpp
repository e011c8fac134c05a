#include "engine/surface/anthropic/block_writer.hpp"

#include <patchbay/json_tree.hpp>

#include "engine/surface/anthropic/answer_values.hpp"
#include "engine/surface/hub/chat_parts.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

namespace {

struct DeltaNames {
    std::string_view type;
    std::string_view member;
};

DeltaNames delta_names(Block::Kind kind) {
    switch (kind) {
        case Block::Kind::thinking:
            return {"thinking_delta", "thinking"};
        case Block::Kind::call:
            return {"input_json_delta", "partial_json"};
        default:
            return {"text_delta", "text"};
    }
}

}  // namespace

json::object BlockWriter::content_block(const Block& block) const {
    switch (block.kind) {
        case Block::Kind::thinking:
            return {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}};
        case Block::Kind::redacted:
            return {{"type", "redacted_thinking"}, {"data", block.held}};
        case Block::Kind::call:
            return {{"type", "tool_use"},
                    {"id", tool_use_id(block.id, chat_id_, block.call)},
                    {"name", block.name},
                    {"input", json::object()}};
        default:
            return {{"type", "text"}, {"text", ""}};
    }
}

void BlockWriter::open(Block& block) {
    const json::object event{
        {"type", "content_block_start"}, {"index", next_}, {"content_block", content_block(block)}};
    emit_("content_block_start", json_tree::write(event));
    if (block.kind == Block::Kind::redacted) block.held.clear();
    ++next_;
}

void BlockWriter::write(Block& block, bool last) {
    const auto words = take_held(block, last);
    const auto names = delta_names(block.kind);
    if (!words.empty()) delta(names.type, names.member, words);
}

void BlockWriter::close(Block& block) {
    const bool call = block.kind == Block::Kind::call;
    if (call && block.arguments.begun() && !block.arguments.is_object()) {
        if (const auto input = tool_input(block.held); !input.empty()) {
            delta("input_json_delta", "partial_json", json_tree::write(input));
        }
    } else {
        write(block, true);
    }
    if (!block.signature.empty()) delta("signature_delta", "signature", block.signature);
    const json::object event{{"type", "content_block_stop"}, {"index", current()}};
    emit_("content_block_stop", json_tree::write(event));
}

void BlockWriter::delta(std::string_view type, std::string_view member, std::string_view words) {
    std::string event = R"({"type":"content_block_delta","index":)";
    event.append(std::to_string(current())).append(R"(,"delta":{"type":")").append(type);
    event.append(R"(",")").append(member).append(R"(":)");
    json_tree::append_string(words, event);
    event.append("}}");
    emit_("content_block_delta", event);
}

}  // namespace patchbay::surface
