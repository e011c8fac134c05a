// Framing: cuts a response body, however it was split on its way, into whole frames.
//
// The decoders give the same frames for every split of the same bytes; that is tested for every
// split of every sample (decoder_test.cpp). SSE follows the HTML Living Standard, section 9.2.6;
// NDJSON is one JSON text per line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::http {

/// One frame. The views live until the next call of push() or finish() on the decoder, and as long
/// as the bytes that were pushed.
struct Frame {
    std::string_view event;  ///< SSE event name, empty if none
    std::string_view id;     ///< SSE last event id
    std::string_view data;   ///< SSE: the data lines joined by LF; NDJSON: the line
};

enum class DecodeStatus {
    ok,
    too_large,  ///< a frame over the limit; the decoder is of no more use and says so again
    cut,        ///< finish(): bytes of an incomplete frame were left
};

/// Server-sent events. Lines end in LF, CR or CRLF; a BOM at the start is skipped; comments and
/// unknown fields are ignored; an event without a data line is no frame. Bytes that are not UTF-8
/// pass as they are. `max_frame` bounds every line and the joined data of an event, in bytes. Used
/// by one thread at a time.
class SseDecoder {
  public:
    explicit SseDecoder(std::size_t max_frame = 16u << 20) : max_frame_(max_frame) {}
    /// Appends to `frames` what became whole with `bytes`. Views may point into `bytes`. Frames
    /// before one that is too large are appended too.
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames);
    /// The body has ended. An event that was not closed by a blank line is dropped, as the standard
    /// says, and reported as `cut` if it had data: a data line, whole or begun ("data" and what
    /// follows).
    DecodeStatus finish();

  private:
    enum class Data : unsigned char { none, view, joined };

    std::size_t skip_bom(std::string_view bytes);
    bool take_line(std::string_view line, std::vector<Frame>& frames);
    bool add_data(std::string_view value);
    void dispatch(std::vector<Frame>& frames);
    std::string_view keep(std::string& text);
    void release_kept();
    void save_views();
    DecodeStatus fail();

    std::size_t max_frame_;
    // What is under way. A view is into the bytes of the current push or into kept_; save_views()
    // turns it into its string when the push ends.
    std::string line_;  // start of a line whose end has not come
    std::string_view event_view_;
    std::string_view data_view_;
    std::string_view id_view_;
    std::string event_;
    std::string data_;
    std::string id_[2];  // the old one stays alive for the frames of the push that replaced it
    // Storage of finished frames that are not views into the pushed bytes; the first kept_count_
    // are in use. By pointer, so that it can grow under views.
    std::vector<std::unique_ptr<std::string>> kept_;
    std::size_t kept_count_ = 0;
    Data data_state_ = Data::none;
    unsigned char id_current_ = 0;
    unsigned char bom_seen_ = 0;  // bytes of a BOM, while !started_
    bool started_ = false;
    bool skip_lf_ = false;  // the last byte was the CR of a line end
    bool failed_ = false;
};

/// Newline-delimited JSON. Blank lines are no frames; a CR before the newline is cut off; a last
/// line without a newline is a frame. `max_frame` bounds a line, in bytes. Used by one thread at a
/// time.
class NdjsonDecoder {
  public:
    explicit NdjsonDecoder(std::size_t max_frame = 16u << 20) : max_frame_(max_frame) {}
    /// As SseDecoder::push().
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames);
    /// Appends the last line if it had no newline.
    DecodeStatus finish(std::vector<Frame>& frames);

  private:
    DecodeStatus fail();

    std::size_t max_frame_;
    std::string pending_;  // start of a line whose end has not come
    std::string done_;     // the line that was completed by the current push
    bool failed_ = false;
};

}  // namespace patchbay::http
