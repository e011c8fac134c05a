// Two passes: one finds where an element ends, knowing only strings and how many brackets are open;
// the other is the JSON reader, over the whole element. So nothing of the reader's state has to
// survive a split.
//
// Tested by json_array_test.cpp.
#include "contract/framing/json_array.hpp"

#include <algorithm>
#include <string>

#include "contract/framing/decoder_bytes.hpp"
#include "contract/json/json_bytes.hpp"
#include "contract/json/json_reader.hpp"

namespace patchbay::http {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

bool ends_scalar(char c) {
    return json_bytes::is_space(c) || c == ',' || c == ']';
}

}  // namespace

DecodeStatus JsonArrayDecoder::push(std::string_view bytes, std::vector<Frame>& frames) {
    if (status() != DecodeStatus::ok) return status();
    done_.clear();
    drop_if_huge(done_);
    for (std::size_t at = 0; at < bytes.size() && status() == DecodeStatus::ok;) {
        at = state_ == At::element ? take_element(bytes, at, frames) : take_outside(bytes, at);
    }
    offset_ += bytes.size();
    return status();
}

DecodeStatus JsonArrayDecoder::finish(std::vector<Frame>&) {
    if (status() == DecodeStatus::ok && state_ != At::end) {
        return fail(DecodeStatus::cut, "the body ended before its JSON array did");
    }
    return status();
}

// One byte that belongs to no element, or none if an element begins here. Returns where to go on.
std::size_t JsonArrayDecoder::take_outside(std::string_view bytes, std::size_t at) {
    const char c = bytes[at];
    if (state_ == At::bom) {
        if (c == kBom[bom_seen_]) {
            if (++bom_seen_ == kBom.size()) state_ = At::array;
            return at + 1;
        }
        if (bom_seen_ != 0) return wrong(at, "a JSON array expected");
        state_ = At::array;
    }
    if (json_bytes::is_space(c)) return at + 1;
    switch (state_) {
        case At::array:
            if (c != '[') return wrong(at, "a JSON array expected");
            state_ = At::first;
            return at + 1;
        case At::first:
            if (c == ']') {
                state_ = At::end;
                return at + 1;
            }
            break;
        case At::comma:
            if (c != ',' && c != ']') return wrong(at, "',' or ']' expected");
            state_ = c == ',' ? At::next : At::end;
            return at + 1;
        case At::end:
            return wrong(at, "nothing expected after the array");
        default:
            break;
    }
    if (c == ',' || c == ']') return wrong(at, "a value expected");
    element_ = offset_ + at;
    state_ = At::element;
    in_ = In::nothing;
    depth_ = 0;
    whole_ = false;
    return at;
}

std::size_t JsonArrayDecoder::take_element(std::string_view bytes, std::size_t at,
                                           std::vector<Frame>& frames) {
    // No further than the limit, so that what is found first does not depend on the split.
    const std::size_t room = std::min(bytes.size() - at, max_frame_ - pending_.size());
    const char* const begin = bytes.data() + at;
    const char* const end = walk(begin, begin + room);
    const std::size_t size = static_cast<std::size_t>(end - begin);
    if (status() != DecodeStatus::ok) return at;
    const std::string_view piece = bytes.substr(at, size);
    at += size;
    // A scalar ends in front of a byte that is not its own.
    if (!whole_ && in_ == In::scalar && at < bytes.size() && ends_scalar(bytes[at])) whole_ = true;
    if (!whole_ && at < bytes.size()) {
        fail(DecodeStatus::too_large, "the element at byte " + std::to_string(element_) +
                                          " of the body is larger than the limit");
        return at;
    }
    if (!whole_) {
        pending_.append(piece);
        return at;
    }
    state_ = At::comma;
    if (pending_.empty()) {
        give(piece, frames);
    } else {
        pending_.append(piece);
        done_.swap(pending_);
        pending_.clear();
        give(done_, frames);
    }
    return at;
}

// Goes on through the element; sets whole_ if it ends, and returns the place behind what belongs to
// it.
const char* JsonArrayDecoder::walk(const char* at, const char* end) {
    while (at != end && !whole_) {
        switch (in_) {
            case In::escape:
                in_ = In::string;
                ++at;
                break;
            case In::string:
                at = json_bytes::find_run_end(at, end);
                if (at == end) return at;
                if (*at == '\\') in_ = In::escape;
                if (*at == '"') {
                    in_ = In::container;
                    whole_ = depth_ == 0;
                }
                ++at;
                break;
            case In::scalar:
                while (at != end && !ends_scalar(*at)) ++at;
                whole_ = at != end;
                return at;
            case In::nothing:
                if (*at != '"' && *at != '{' && *at != '[') {
                    in_ = In::scalar;
                    break;
                }
                [[fallthrough]];
            case In::container:
                if (*at == '"') {
                    in_ = In::string;
                } else if (*at == '{' || *at == '[') {
                    in_ = In::container;
                    if (++depth_ > kMaxJsonDepth) {
                        fail(DecodeStatus::too_large, "the element at byte " +
                                                          std::to_string(element_) +
                                                          " of the body is nested too deeply");
                        return at;
                    }
                } else if (*at == '}' || *at == ']') {
                    whole_ = --depth_ == 0;
                }
                ++at;
                break;
        }
    }
    return at;
}

void JsonArrayDecoder::give(std::string_view element, std::vector<Frame>& frames) {
    JsonReader reader(element);
    if (!reader.take_value() || !reader.at_end()) {
        const std::string_view what = reader.what();
        fail(DecodeStatus::malformed,
             "byte " + std::to_string(element_ + reader.at()) +
                 " of the body: " + std::string(what.empty() ? "',' or ']' expected" : what));
        return;
    }
    frames.push_back({.event = {}, .id = {}, .data = element, .headers = {}, .whole = false});
}

std::size_t JsonArrayDecoder::wrong(std::size_t offset, std::string_view what) {
    fail(DecodeStatus::malformed,
         "byte " + std::to_string(offset_ + offset) + " of the body: " + std::string(what));
    return offset;
}

}  // namespace patchbay::http
