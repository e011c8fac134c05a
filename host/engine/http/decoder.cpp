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
// Tested by decoder_test.cpp.
#include "engine/http/decoder.hpp"

#include <algorithm>
#include <cstring>

namespace patchbay::http {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
// Strings that grew beyond this are given back to the allocator when their frame is done.
constexpr std::size_t kKeepCapacity = 64 * 1024;
constexpr std::size_t kKeepStrings = 16;

// The next occurrence of one character in a text that is walked through once.
class NextChar {
  public:
    NextChar(std::string_view text, char c) : text_(text), c_(c) { search(0); }

    std::size_t from(std::size_t position) {
        if (found_ < position) search(position);
        return found_;
    }

  private:
    void search(std::size_t position) {
        const void* hit = position < text_.size()
                              ? std::memchr(text_.data() + position, c_, text_.size() - position)
                              : nullptr;
        found_ = hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - text_.data())
                     : text_.size();
    }

    std::string_view text_;
    std::size_t found_ = 0;
    char c_;
};

void drop_if_huge(std::string& text) {
    if (text.capacity() > kKeepCapacity) std::string().swap(text);
}

}  // namespace

DecodeStatus SseDecoder::push(std::string_view bytes, std::vector<Frame>& frames) {
    if (failed_) return DecodeStatus::too_large;
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
        if (line.size() + line_.size() > max_frame_) return fail();
        if (end == bytes.size()) {
            line_.append(line);
            break;
        }
        if (!line_.empty()) {
            line_.append(line);
            line = keep(line_);
        }
        if (!take_line(line, frames)) return fail();
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

DecodeStatus SseDecoder::finish() {
    if (failed_) return DecodeStatus::too_large;
    const bool begun = line_ == "data" || line_.starts_with("data:");
    return data_state_ != Data::none || begun ? DecodeStatus::cut : DecodeStatus::ok;
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
    if (line.empty()) {
        dispatch(frames);
        return true;
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

void SseDecoder::dispatch(std::vector<Frame>& frames) {
    if (data_state_ != Data::none) {
        const bool joined = data_state_ == Data::joined;
        const bool saved_event = !event_.empty() && event_view_.data() == event_.data();
        frames.push_back({.event = saved_event ? keep(event_) : event_view_,
                          .id = id_view_,
                          .data = joined ? keep(data_) : data_view_});
    }
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

DecodeStatus SseDecoder::fail() {
    failed_ = true;
    return DecodeStatus::too_large;
}

namespace {

void append_line(std::string_view line, std::vector<Frame>& frames) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    frames.push_back({.event = {}, .id = {}, .data = line});
}

}  // namespace

DecodeStatus NdjsonDecoder::push(std::string_view bytes, std::vector<Frame>& frames) {
    if (failed_) return DecodeStatus::too_large;
    done_.clear();
    drop_if_huge(done_);
    NextChar lf(bytes, '\n');
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = lf.from(at);
        const std::string_view line = bytes.substr(at, end - at);
        if (line.size() + pending_.size() > max_frame_) return fail();
        if (end == bytes.size()) {
            pending_.append(line);
            break;
        }
        if (pending_.empty()) {
            append_line(line, frames);
        } else {
            pending_.append(line);
            done_.swap(pending_);
            pending_.clear();
            append_line(done_, frames);
        }
        at = end + 1;
    }
    return DecodeStatus::ok;
}

DecodeStatus NdjsonDecoder::finish(std::vector<Frame>& frames) {
    if (failed_) return DecodeStatus::too_large;
    done_.swap(pending_);
    pending_.clear();
    append_line(done_, frames);
    return DecodeStatus::ok;
}

DecodeStatus NdjsonDecoder::fail() {
    failed_ = true;
    return DecodeStatus::too_large;
}

}  // namespace patchbay::http
