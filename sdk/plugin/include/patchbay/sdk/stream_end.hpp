// SPDX-License-Identifier: Apache-2.0
// When a streamed chat answer is complete.
#pragma once

#include <cstdint>

namespace bay {

/// The choices of a chat answer, by index: bit n is choice n, the last bit all from 63 on.
using Choices = std::uint64_t;

/// The bit of the choice with this index.
constexpr Choices choice_bit(std::uint64_t index) {
    return Choices{1} << (index < 63 ? index : 63);
}

/// Follows a stream of OpenAI-shaped chunks. It is complete when every choice that was seen has a
/// finish_reason: what ends before that is cut, however cleanly it ends, unless the provider's end
/// mark ("[DONE]") came. No allocation.
class StreamEnd {
  public:
    /// The choices of one chunk, and those of them that have a finish_reason.
    void take(Choices seen, Choices finished) {
        seen_ |= seen;
        finished_ |= finished;
    }
    bool complete() const { return seen_ != 0 && (seen_ & ~finished_) == 0; }

  private:
    Choices seen_ = 0;
    Choices finished_ = 0;
};

}  // namespace bay
