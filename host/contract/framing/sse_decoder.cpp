// Splitting and copying.
//
// A line is found by two memchr() walks over the pushed bytes, one for LF and one for CR, each of
// which remembers its next hit: no byte is looked at more than once by either, also when the body
// has only one of the two. A field of an event is first a view into the pushed bytes. In the usual
// case (one push holds "data: {...}", LF, LF) the frame is made of that view and nothing is copied.
// Copies are made when
//   - a push ends within a line: its start goes to line_, is completed by later pushes and then
//   becomes
//     kept storage as a whole;
//   - a push ends within an event: its fields go to event_ and data_;
//   - an event has a second data line: they are joined in data_.
// Frames must stay valid until the next push, so a string that a frame looks at is handed over to
// kept_ and never written in the same push again. Strings are swapped there and back: a stream in
// its steady state allocates nothing.
//
// Tested by sse_decoder_test.cpp.
#include "contract/framing/sse_decoder.hpp"

#include <algorithm>

#include "contract/framing/decoder_bytes.hpp"
#include "contract/framing/framing.hpp"
#include "contract/json/json_reader.hpp"

namespace patchbay::http {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::size_t kKeepStrings = 16;
constexpr std::string_view kSpace = " \t\r\n";

bool begins_document(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpace);
    return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

bool is_json(std::string_view text) {
    JsonReader reader(text);
    if (!reader.take_value()) return false;
    reader.skip_space();
    return reader.at_end();
}

}  // namespace

DecodeStatus SseDecoder::push(std::string_view bytes, std::vector<Frame>& frames) {
    if (status() != DecodeStatus::ok) return status();
    release_kept();
    event_view_ = event_;
    id_view_ = id_[id_current_];
    if (bytes.empty()) return DecodeStatus::ok;
    std::size_t at = 0;
    if (!started_) at = skip_bom(bytes);
    if (skip_lf_ && at < bytes.size()) {
        if (bytes[at] == '\n') ++at;
        skip_lf_ = false;
    }

    NextChar lf(bytes, '\n');
    NextChar cr(bytes, '\r');
    while (at < bytes.size()) {
        const std::size_t end = std::min(lf.from(at), cr.from(at));
        std::string_view line = bytes.substr(at, end - at);
        if (line.size() + line_.size() > max_frame_) return too_large();
        if (end == bytes.size()) {
            line_.append(line);
            break;
        }
        if (!line_.empty()) {
            line_.append(line);
            line = keep(line_);
        }
        if (!take_line(line, frames)) return too_large();
        at = end + 1;
        if (bytes[end] == '\r') {
            if (at == bytes.size()) {
                skip_lf_ = true;
            } else if (bytes[at] == '\n') {
                ++at;
            }
        }
    }
    save_views();
    return DecodeStatus::ok;
}

DecodeStatus SseDecoder::finish(std::vector<Frame>& frames) {
    if (status() != DecodeStatus::ok) return status();
    release_kept();
    event_view_ = event_;
    id_view_ = id_[id_current_];
    if (!line_.empty() && !take_line(keep(line_), frames)) return too_large();
    if (data_state_ == Data::none || data_is_blank()) return DecodeStatus::ok;
    if (!data_is_whole()) {
        return fail(DecodeStatus::cut, document_ ? "the body ended inside a JSON document"
                                                 : "the stream ended inside an event");
    }
    dispatch(frames);
    return DecodeStatus::ok;
}

// Number of bytes that belong to the BOM. Once it is clear that there is none, its bytes that came
// in earlier pushes become the start of the first line.
std::size_t SseDecoder::skip_bom(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && bom_seen_ < kBom.size() && bytes[used] == kBom[bom_seen_]) {
        ++used;
        ++bom_seen_;
    }
    if (bom_seen_ < kBom.size()) {
        if (used == bytes.size()) return used;
        line_.assign(kBom.substr(0, bom_seen_));
    }
    started_ = true;
    return used;
}

// False if the event is too large.
bool SseDecoder::take_line(std::string_view line, std::vector<Frame>& frames) {
    if (document_) return add_data(line);
    if (line.empty()) {
        dispatch(frames);
        return true;
    }
    if (!seen_data_ && begins_document(line)) {
        document_ = true;
        return add_data(line);
    }
    const std::size_t colon = line.starts_with("data:") ? 4 : std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "data") return add_data(value);
    if (name == "event") {
        event_view_ = value;
    } else if (name == "id" && value.find('\0') == std::string_view::npos) {
        id_view_ = value;
    }
    return true;
}

bool SseDecoder::add_data(std::string_view value) {
    seen_data_ = true;
    switch (data_state_) {
        case Data::none:
            data_state_ = Data::view;
            data_view_ = value;
            return true;
        case Data::view:
            data_.assign(data_view_);
            data_state_ = Data::joined;
            break;
        case Data::joined:
            break;
    }
    if (data_.size() + 1 + value.size() > max_frame_) return false;
    data_.push_back('\n');
    data_.append(value);
    return true;
}

bool SseDecoder::data_is_blank() const {
    const std::string_view data = data_state_ == Data::joined ? data_ : data_view_;
    return data.find_first_not_of(kSpace) == std::string_view::npos;
}

bool SseDecoder::data_is_whole() const {
    const std::string_view data = data_state_ == Data::joined ? data_ : data_view_;
    return is_done_mark(data) || (begins_document(data) && is_json(data));
}

void SseDecoder::dispatch(std::vector<Frame>& frames) {
    if (data_state_ != Data::none && !data_is_blank()) {
        const bool joined = data_state_ == Data::joined;
        const bool saved_event = !event_.empty() && event_view_.data() == event_.data();
        frames.push_back({.event = saved_event ? keep(event_) : event_view_,
                          .id = id_view_,
                          .data = joined ? keep(data_) : data_view_,
                          .headers = {},
                          .whole = document_});
    }
    data_.clear();
    data_state_ = Data::none;
    event_view_ = {};
}

// Hands `text` over to the storage that lives until the next push; it is empty afterwards.
std::string_view SseDecoder::keep(std::string& text) {
    if (kept_count_ == kept_.size()) kept_.push_back(std::make_unique<std::string>());
    std::string& slot = *kept_[kept_count_++];
    slot.swap(text);
    text.clear();
    return slot;
}

void SseDecoder::release_kept() {
    for (std::size_t i = 0; i < kept_count_; ++i) {
        kept_[i]->clear();
        drop_if_huge(*kept_[i]);
    }
    kept_count_ = 0;
    if (kept_.size() > kKeepStrings) kept_.resize(kKeepStrings);
}

// The push ends: what is under way must not look at its bytes any more.
void SseDecoder::save_views() {
    if (data_state_ == Data::view) {
        data_.assign(data_view_);
        data_state_ = Data::joined;
    }
    if (event_view_.data() != event_.data()) event_.assign(event_view_);
    if (id_view_.data() != id_[id_current_].data()) {
        id_current_ ^= 1;
        id_[id_current_].assign(id_view_);
    }
}

DecodeStatus SseDecoder::too_large() {
    return fail(DecodeStatus::too_large, "an event of the stream is larger than the limit");
}

}  // namespace patchbay::http
