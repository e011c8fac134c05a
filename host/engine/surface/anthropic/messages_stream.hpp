// A stream of OpenAI's chat API as a stream of Anthropic's.
//
// OpenAI's chunks are deltas of one message: thought, text and pieces of several calls come as they
// like, and a thinking block comes whole when it is known. Anthropic's events are blocks, one after
// the other: start, deltas, stop, and never two at a time. So the first block that is not whole yet
// is open and its pieces go out as they come; what belongs to later blocks is held. A block is
// known to be whole when its signature came (thinking), when something else comes (thinking, text),
// when its arguments are a whole JSON object and something else comes (calls), or at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/anthropic/answer_values.hpp"
#include "engine/surface/anthropic/block_writer.hpp"
#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/chat_parts.hpp"

namespace patchbay::surface {

/// State machine of one stream. One thread at a time.
class MessagesStream {
  public:
    /// What is held of blocks that are not open, and of the open one's thought, in bytes.
    static constexpr std::size_t kMaxHeld = std::size_t{16} << 20;

    /// `model`: the name that the client asked for. `names`: of the request. `input_tokens`: an
    /// estimate for message_start, which clients show until the real count comes at the end.
    explicit MessagesStream(std::string model, ChatNames names = {},
                            std::uint64_t input_tokens = 0);

    /// Takes the next chunk and calls `emit` for the events that it makes, in order; none before
    /// the first chunk that says something. Only the first choice is told. Fails (upstream) on what
    /// is no JSON object and when too much would be held; the stream is over then.
    Result<void> chunk(std::string_view chunk_json, const Emit& emit);

    /// The answer is whole: closes the open block and tells the rest, up to message_stop. To be
    /// called once, and not for an answer that was cut.
    void end(const Emit& emit);

  private:
    void read_delta(const json::object& delta);
    void read_thinking(const json::object& block, bool told_as_text);
    void read_call(const json::object& call);
    void add(Block::Kind kind, std::string_view words);
    Block& new_call(std::size_t number, std::string_view id);
    Block* open_call(std::size_t number);
    void settle(BlockWriter& writer, bool last);

    std::string model_;
    ChatNames names_;
    std::uint64_t input_tokens_;

    std::string chat_id_;
    Ending ending_;
    json::object usage_;
    bool usage_told_ = false;

    bool started_ = false;
    std::size_t written_ = 0;   ///< blocks that were opened
    std::deque<Block> blocks_;  ///< the first is the open one
    std::size_t held_ = 0;      ///< bytes in blocks_
    std::string last_thought_;  ///< of the last thinking block that was closed
    CallPieces pieces_;
};

}  // namespace patchbay::surface
