#include "engine/surface/bedrock/converse_answer.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/hub/chat_parts.hpp"

namespace patchbay::surface {

namespace {

json::object one(std::string_view name, json::value value) {
    return json::object{{name, std::move(value)}};
}

json::object text_block(const Block& block, const std::string& words) {
    if (block.citations.empty()) return one("text", json::value(words));
    json::array citations;
    for (const auto& link : block.citations) citations.push_back(citation_of(link.get_object()));
    return one("citationsContent", {{"content", json::array{one("text", json::value(words))}},
                                    {"citations", std::move(citations)}});
}

json::object thinking_block(const Block& block, const std::string& words) {
    json::object told{{"text", words}};
    if (!block.signature.empty()) told["signature"] = block.signature;
    return one("reasoningContent", one("reasoningText", std::move(told)));
}

/// Gathers whole blocks.
class Content final : public BlockTeller {
  public:
    explicit Content(std::string_view chat_id) : chat_id_(chat_id) {}

    void open(Block&) override {}
    void flush(Block&) override {}
    void close(Block& block) override { blocks.push_back(told(block)); }

    json::array blocks;

  private:
    json::object told(const Block& block) const {
        const auto& words = block.held;
        switch (block.kind) {
            case Block::Kind::thinking:
                return thinking_block(block, words);
            case Block::Kind::redacted:
                return one("reasoningContent",
                           one("redactedContent", json::value(redacted_content(words))));
            case Block::Kind::image:
                return one("image", image_of(words));
            case Block::Kind::call:
                return one("toolUse", {{"toolUseId", tool_use_id_of(block, chat_id_)},
                                       {"name", block.name},
                                       {"input", tool_input(words)}});
            case Block::Kind::text:
                break;
        }
        return text_block(block, words);
    }

    std::string_view chat_id_;
};

}  // namespace

std::string converse_of_chat(std::string_view chat_answer, const ConverseAnswering& answering,
                             std::uint64_t milliseconds) {
    const auto tree = json_tree::read(chat_answer);
    const json::object nothing;
    const auto* told = tree ? as_object(&tree.value) : nullptr;
    const auto& answer = told ? *told : nothing;
    const auto* choice = first_choice(answer);
    const auto* message = choice ? find_object(*choice, "message") : nullptr;
    ConverseEnding ending;
    ending.read(answer, choice, message);
    AnswerBlocks blocks(answering.names, AnswerBlocks::Images::shown);
    if (message) blocks.read_message(*message);
    const auto chat_id = answer_id(answer);
    Content content(chat_id);
    blocks.settle(content, true);
    json::object written{
        {"output", {{"message", {{"role", "assistant"}, {"content", std::move(content.blocks)}}}}}};
    ending.write_stop(blocks.called(), answering, written);
    ending.write_counts(milliseconds, written);
    return json_tree::write(written);
}

}  // namespace patchbay::surface
