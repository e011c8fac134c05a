// SPDX-License-Identifier: Apache-2.0
// Converse's content blocks as pieces of a chat answer: the same for whole answers and for streams.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "anthropic/json_mode.hpp"
#include "anthropic/tool_names.hpp"
#include "anthropic/usage.hpp"
#include "chat/chat_writer.hpp"
#include "json.hpp"

namespace patchbay::bedrock {

/// What an answer needs beside Bedrock's words.
struct AnswerContext {
    shared::ChatHead head;
    anthropic::JsonMode json_mode = anthropic::JsonMode::off;
    std::string prefix;  ///< the text must begin with it
    anthropic::ToolNames tool_names;
    /// For a client of another API than chat, which may have a word for Bedrock's own reason.
    bool translated = false;
};

/// Follows the blocks of one answer and makes deltas of OpenAI's. Not thread-safe.
class Blocks {
  public:
    using Deltas = std::vector<json::object>;

    /// `context` must outlive this.
    explicit Blocks(const AnswerContext& context) : context_(context) {}

    /// The contents of contentBlockStart, contentBlockDelta and contentBlockStop.
    Result<void> start(const json::object& event, Deltas& deltas);
    Result<void> add(const json::object& event, Deltas& deltas);
    Result<void> stop(const json::object& event, Deltas& deltas);
    /// A whole block, as an answer that is no stream holds it.
    Result<void> whole(const json::object& block, Deltas& deltas);
    /// What was held back when the answer is over: with a schema that goes by a tool, the words of a
    /// model that did not call it.
    void end(Deltas& deltas);

    /// OpenAI's reason for Bedrock's.
    std::string_view finish_reason(std::string_view stop_reason) const;
    /// Nothing was said and the reason is a fault of the model's.
    bool is_broken(std::string_view stop_reason) const;
    /// Thoughts are among the blocks.
    bool thought() const { return thought_; }

  private:
    enum class Kind { other, text, thought, call, json };
    struct Block {
        Kind kind = Kind::other;
        std::uint64_t call = 0;
        bool had_input = false;
        std::string text;  ///< of a thought
        std::string signature;
        json::array citations;
        std::uint64_t begin = 0;  ///< where its text stands, in characters
    };

    Result<Block*> block_at(const json::object& event);
    Result<void> begin_call(const json::object& call, Block& block, Deltas& deltas);
    Result<void> add_input(std::string_view piece, Block& block, Deltas& deltas);
    Result<void> add_text(std::string_view words, Block& block, Deltas& deltas);
    Result<void> add_thought(const json::object& piece, Block& block, Deltas& deltas);
    void add_image(const json::object& image, Deltas& deltas);
    void close(Block& block, Deltas& deltas);
    Result<void> hold(std::string& held, std::string_view words) const;

    const AnswerContext& context_;
    std::map<std::uint64_t, Block> blocks_;
    std::map<std::uint64_t, std::string> image_formats_;
    std::string held_;
    std::uint64_t characters_ = 0;
    std::uint64_t calls_ = 0;
    std::uint64_t images_ = 0;
    bool said_ = false;
    bool thought_ = false;
    bool prefixed_ = false;
    bool answered_in_json_ = false;
};

/// Bedrock's word where OpenAI's says less, for provider_specific_fields; else empty.
std::string_view telling_reason(std::string_view stop_reason);

/// Takes over Bedrock's usage, and the tokens of thoughts that additionalModelResponseFields tell.
void take_usage(const json::object& answer, anthropic::Usage& usage);

struct Answer {
    std::string json;  ///< "chat.completion"
    anthropic::Usage usage;
};

/// Pure. Fails with BAY_ERR_UPSTREAM if `converse_json` is no answer of Converse's, or holds nothing but
/// a fault of the model's.
Result<Answer> translate_answer(std::string_view converse_json, const AnswerContext& context);

}  // namespace patchbay::bedrock
