// The blocks of a streamed message, and the events that tell them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/surface/hub/json_progress.hpp"

namespace patchbay::surface {

/// Receives an event: its name and its data, which is valid during the call only.
using Emit = std::function<void(std::string_view name, std::string_view json)>;

/// A block on its way: what is known of it, and what of it was not written yet.
struct Block {
    enum class Kind { thinking, redacted, text, call };

    Kind kind = Kind::text;
    std::string held;        ///< words, data or arguments that are not written yet
    bool opened = false;     ///< its start was written
    bool whole = false;      ///< nothing more can come
    std::string thought;     ///< thinking: all words so far
    std::string signature;   ///< thinking: empty if there is none (yet)
    std::string id;          ///< call: Anthropic's id
    std::string name;        ///< call: the client's name; empty if it is not known yet
    std::size_t call = 0;    ///< call: its number among the calls of the answer
    JsonProgress arguments;  ///< call
};

/// Writes the events of blocks, which get the numbers 0, 1, 2, ...
class BlockWriter {
  public:
    /// `next`: number of the block that open() will open; counted on by it.
    BlockWriter(const Emit& emit, std::size_t& next) : emit_(emit), next_(next) {}

    /// Opens `block`.
    void open(Block& block);
    /// Writes what is held of the open block, and forgets it. Half a character (of a surrogate
    /// pair) at the end stays until the other half comes: some clients cannot join the two.
    void flush(Block& block, bool last);
    /// Writes what is left of the open block, with its signature, and closes it. Arguments that are
    /// no object are told as tool_input() says.
    void close(Block& block);

  private:
    void delta(std::string_view type, std::string_view member, std::string_view words);
    std::size_t current() const { return next_ - 1; }

    const Emit& emit_;
    std::size_t& next_;
};

}  // namespace patchbay::surface
