// The blocks of a streamed message as events of Anthropic's Messages API.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "engine/surface/hub/answer_blocks.hpp"

namespace patchbay::surface {

/// Receives an event: its name and its data, which is valid during the call only.
using Emit = std::function<void(std::string_view name, std::string_view json)>;

/// Writes the events of blocks, which get the numbers 0, 1, 2, ...
class BlockWriter final : public BlockTeller {
  public:
    /// `next`: number of the block that open() will open; counted on by it. `chat_id`: of the answer,
    /// for calls without an id.
    BlockWriter(const Emit& emit, std::size_t& next, std::string_view chat_id)
        : emit_(emit), next_(next), chat_id_(chat_id) {}

    void open(Block& block) override;
    void flush(Block& block) override { write(block, false); }
    void close(Block& block) override;

  private:
    void write(Block& block, bool last);
    void delta(std::string_view type, std::string_view member, std::string_view words);
    json::object content_block(const Block& block) const;
    std::size_t current() const { return next_ - 1; }

    const Emit& emit_;
    std::size_t& next_;
    std::string_view chat_id_;
};

}  // namespace patchbay::surface
