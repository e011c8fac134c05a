// One JSON text per line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "contract/framing/decoder.hpp"

namespace patchbay::http {

/// Newline-delimited JSON. Blank lines are no frames; a CR before the newline is cut off; a last
/// line without a newline is a frame. `max_frame` bounds a line, in bytes.
class NdjsonDecoder final : public Decoder {
  public:
    explicit NdjsonDecoder(std::size_t max_frame = kDefaultMaxFrame) : max_frame_(max_frame) {}
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames) override;
    /// Appends the last line if it had no newline.
    DecodeStatus finish(std::vector<Frame>& frames) override;

  private:
    DecodeStatus too_large();

    std::size_t max_frame_;
    std::string pending_;  // start of a line whose end has not come
    std::string done_;     // the line that was completed by the current push
};

}  // namespace patchbay::http
