// A stream of OpenAI's chat API as a stream of Bedrock's ConverseStream.
//
// messageStart, then blocks one after the other, each its deltas and contentBlockStop; only calls and
// images have a contentBlockStart. Then messageStop, and metadata with the counts. What is open and
// what is held: hub/answer_blocks.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "contract/error.hpp"
#include "engine/surface/bedrock/converse_values.hpp"
#include "engine/surface/hub/answer_blocks.hpp"

namespace patchbay::surface {

/// State machine of one stream. One thread at a time.
class ConverseStream {
  public:
    /// Receives an event: its type ("contentBlockDelta") and its payload, which is valid during the
    /// call only.
    using Emit = std::function<void(std::string_view type, std::string_view json)>;

    /// What is held of blocks that are not open, and of the open one's thought, in bytes.
    static constexpr std::size_t kMaxHeld = std::size_t{16} << 20;

    explicit ConverseStream(const ConverseAnswering& answering);

    /// Takes the next chunk and calls `emit` for the events that it makes, in order; none before the
    /// first chunk that says something. Only the first choice is told. Fails (upstream) on what is no
    /// JSON object and when too much would be held; the stream is over then.
    Result<void> chunk(std::string_view chunk_json, const Emit& emit);

    /// The answer is whole: closes the open block and tells the rest. `milliseconds`: how long it
    /// took. To be called once, and not for an answer that was cut.
    void end(std::uint64_t milliseconds, const Emit& emit);

  private:
    void start(const Emit& emit);

    ConverseAnswering answering_;
    AnswerBlocks blocks_;
    ConverseEnding ending_;
    std::string chat_id_;
    bool started_ = false;
    std::size_t written_ = 0;  ///< blocks that were opened
};

}  // namespace patchbay::surface
