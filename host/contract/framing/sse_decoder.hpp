// Server-sent events: the HTML Living Standard, section 9.2.6.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "contract/framing/decoder.hpp"

namespace patchbay::http {

/// Server-sent events. Lines end in LF, CR or CRLF; a BOM at the start is skipped; comments and
/// unknown fields are ignored; an event without data, or with nothing but white space for it, is no
/// frame: such events keep connections open. Bytes that are not UTF-8 pass as they are. `max_frame`
/// bounds every line and the joined data of an event, in bytes.
///
/// A body that is a JSON document and no stream (before any event comes a line that begins with '{'
/// or '[', as no field does) is one frame, marked `whole`: servers answer so with an error, and
/// some with an answer.
class SseDecoder final : public Decoder {
  public:
    explicit SseDecoder(std::size_t max_frame = kDefaultMaxFrame) : max_frame_(max_frame) {}
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames) override;
    /// An event that is not closed by a blank line, which the standard drops, is a frame if its
    /// data is whole: a JSON object or array, or "[DONE]". Many servers and proxies leave the blank
    /// line out. Other data, and a document that does not end, are `cut`.
    DecodeStatus finish(std::vector<Frame>& frames) override;

  private:
    enum class Data : unsigned char { none, view, joined };

    std::size_t skip_bom(std::string_view bytes);
    bool take_line(std::string_view line, std::vector<Frame>& frames);
    bool add_data(std::string_view value);
    bool data_is_blank() const;
    bool data_is_whole() const;
    void dispatch(std::vector<Frame>& frames);
    std::string_view keep(std::string& text);
    void release_kept();
    void save_views();
    DecodeStatus too_large();

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
    bool seen_data_ = false;  // a data line came
    bool document_ = false;   // the body is a JSON document, which is in data_
    bool skip_lf_ = false;    // the last byte was the CR of a line end
};

}  // namespace patchbay::http
