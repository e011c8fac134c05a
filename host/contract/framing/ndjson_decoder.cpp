// Tested by ndjson_decoder_test.cpp.
#include "contract/framing/ndjson_decoder.hpp"

#include "contract/framing/decoder_bytes.hpp"

namespace patchbay::http {

namespace {

void append_line(std::string_view line, std::vector<Frame>& frames) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    frames.push_back({.event = {}, .id = {}, .data = line, .headers = {}, .whole = false});
}

}  // namespace

DecodeStatus NdjsonDecoder::push(std::string_view bytes, std::vector<Frame>& frames) {
    if (status() != DecodeStatus::ok) return status();
    done_.clear();
    drop_if_huge(done_);
    NextChar lf(bytes, '\n');
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = lf.from(at);
        const std::string_view line = bytes.substr(at, end - at);
        if (line.size() + pending_.size() > max_frame_) return too_large();
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
    if (status() != DecodeStatus::ok) return status();
    done_.swap(pending_);
    pending_.clear();
    append_line(done_, frames);
    return DecodeStatus::ok;
}

DecodeStatus NdjsonDecoder::too_large() {
    return fail(DecodeStatus::too_large, "a line of the stream is larger than the limit");
}

}  // namespace patchbay::http
