// Framing: cuts a response body, however it was split on its way, into whole frames.
//
// The decoders give the same frames for every split of the same bytes; that is tested for every split
// of every sample (decoder_test.cpp). SSE follows the HTML Living Standard, section 9.2.6; NDJSON is one
// JSON text per line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::http {

/// One frame. The views live until the next call of push() or finish() on the decoder.
struct Frame {
    std::string_view event;  ///< SSE event name, empty if none
    std::string_view id;     ///< SSE last event id
    std::string_view data;   ///< SSE: the data lines joined by LF; NDJSON: the line
};

enum class DecodeStatus {
    ok,
    too_large,  ///< a frame over the limit; the decoder is of no more use
    cut,        ///< finish(): bytes of an incomplete frame were left
};

/// Server-sent events. Lines end in LF, CR or CRLF; a BOM at the start is skipped; comments and unknown
/// fields are ignored; an event without data is no frame.
class SseDecoder {
  public:
    explicit SseDecoder(std::size_t max_frame = 16u << 20) : max_frame_(max_frame) {}
    /// Appends to `frames` what became whole with `bytes`. Views may point into `bytes`.
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames);
    /// The body has ended. An event that was not closed by a blank line is dropped, as the standard says,
    /// and reported as `cut` if it had data.
    DecodeStatus finish();

  private:
    std::size_t max_frame_;
    // state: see decoder.cpp
    struct Line;
    std::string pending_;              // bytes of the frame under way that are not in the current push
    std::vector<std::string> joined_;  // storage of frames whose data could not be a view
    bool started_ = false;
    bool skip_lf_ = false;
};

/// Newline-delimited JSON. Blank lines are no frames; a last line without a newline is one.
class NdjsonDecoder {
  public:
    explicit NdjsonDecoder(std::size_t max_frame = 16u << 20) : max_frame_(max_frame) {}
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames);
    /// Appends the last line if it had no newline.
    DecodeStatus finish(std::vector<Frame>& frames);

  private:
    std::size_t max_frame_;
    std::string pending_;
    std::string done_;
};

}  // namespace patchbay::http
