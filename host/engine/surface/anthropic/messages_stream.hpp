// A stream of OpenAI's chat API as a stream of Anthropic's.
// What is open and what is held: hub/answer_blocks.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/anthropic/answer_values.hpp"
#include "engine/surface/anthropic/block_writer.hpp"
#include "engine/surface/hub/answer_blocks.hpp"
#include "engine/surface/hub/call_names.hpp"

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
    std::string model_;
    std::uint64_t input_tokens_;

    std::string chat_id_;
    Ending ending_;
    json::object usage_;
    bool usage_told_ = false;

    bool started_ = false;
    std::size_t written_ = 0;  ///< blocks that were opened
    AnswerBlocks blocks_;
};

}  // namespace patchbay::surface
